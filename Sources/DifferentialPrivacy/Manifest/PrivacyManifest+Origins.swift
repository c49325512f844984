import CBuild
import Cryptography
import Foundation

extension PrivacyManifest {
    /// How the product that makes the release was built, and for what.
    public struct BuildDescription: Codable, Equatable, Sendable {
        /// "release" or "debug".
        public var configuration: String
        /// Operating system and processor.
        public var platform: String
        /// The commit that it was built from, with "-changed" if files had changed since; nil unless it
        /// was built with `make`: SwiftPM caches what a package asks git, and so would state another.
        public var commit: String?
        /// SHA-256 of the executable, which tells builds of one version apart, 64 hexadecimal
        /// digits; nil if it could not be read.
        public var executable: String?

        private enum CodingKeys: String, CodingKey {
            case configuration, platform, commit
            case executable = "executable_sha256"
        }

        /// Describes the code that runs.
        public init() {
            #if DEBUG
            configuration = "debug"
            #else
            configuration = "release"
            #endif
            #if arch(x86_64)
            platform = "linux x86_64"
            #elseif arch(arm64)
            platform = "linux arm64"
            #else
            platform = "linux"
            #endif
            let commit = unsafe String(cString: dpscribe_commit())
            self.commit = commit.isEmpty ? nil : commit
            executable = Self.runningExecutable
        }

        /// The same in words.
        var sentence: String {
            "\(configuration) for \(platform), "
                + (commit.map { "commit \($0)" } ?? "commit not recorded")
                + (executable.map { ", executable \($0)" } ?? "")
        }

        /// SHA-256 of the executable of this process, read once; nil if it cannot be read.
        package static let runningExecutable: String? = {
            let files = FileManager.default
            guard let path = try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")
            else { return nil }
            let place = URL(filePath: path)
            return try? ReleasedFile(
                place.lastPathComponent,
                in: place.deletingLastPathComponent().path
            ).sha256.description
        }()
    }

    /// The public model that training began with.
    public struct BaseModel: Codable, Equatable, Sendable {
        /// SHA-256 of its weights, 64 hexadecimal digits.
        public var sha256: String
        /// The name of a model that comes with the product; nil for one given by its folder.
        public var name: String?
        /// Under which terms it may be used.
        public var licence: String? =
            "not recorded: the base model's own, which its model card states"
        /// What must be true of it.
        public var statement = "taken to be public: nothing of it may come from this corpus"

        /// States a base model.
        public init(sha256: String, name: String? = nil) {
            self.sha256 = sha256
            self.name = name
        }
    }

    /// How randomness was made.
    public struct Randomness: Codable, Equatable, Sendable {
        /// Where the bits come from.
        public var generator: String
        /// What makes normal numbers of them.
        public var noise: String
        /// True if the bits follow from a seed: NOT PRIVATE.
        public var isInsecure: Bool

        private enum CodingKeys: String, CodingKey {
            case generator, noise
            case isInsecure = "insecure_seed"
        }

        /// Describes the randomness of a run.
        public init(isInsecure: Bool, noiseKind: NoiseKind) {
            self.isInsecure = isInsecure
            generator =
                isInsecure
                ? "AES-256 in counter mode, keyed from a seed: for tests"
                : "AES-256 in counter mode, keyed by HKDF-SHA-256 from 256 bits of the operating system"
            noise =
                switch noiseKind {
                case .gaussian:
                    "level 1: Gaussian in double precision from at least 53 uniform bits, rounded"
                        + " to a grid with the sum"
                case .discreteGaussian:
                    "level 2: discrete Gaussian, sampled exactly on the integers"
                }
        }
    }
}

/// One file of a release and its digest.
public struct ReleasedFile: Codable, Equatable, Sendable {
    /// Its name in the folder of the release.
    public let name: String
    /// Its length in bytes.
    public let bytes: Int
    /// Its SHA-256.
    public let sha256: ContentDigest

    /// Reads a file and describes it.
    ///
    /// - Throws: `LedgerError.fileFailed` if it cannot be read, or is a symbolic link.
    public init(_ name: String, in folder: String) throws(LedgerError) {
        var hash = SHA256()
        var length = 0
        try FilePieces.read(folder + "/" + name, noFollow: true) { piece in
            hash.update(piece)
            length += piece.count
        }
        self.name = name
        bytes = length
        sha256 = ContentDigest(bytes: hash.finalize())
    }
}
