// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

/// Numeric targets are optimised in debug builds too, or `swift test` would take hours.
let numeric: [SwiftSetting] = strict + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A library target and its tests, with the dependencies that both share.
func library(
    _ name: String,
    _ dependencies: [Target.Dependency] = [],
    settings: [SwiftSetting] = strict,
    testResources: [Resource] = [],
    testSupport: [Target.Dependency] = []
) -> [Target] {
    [
        .target(name: name, dependencies: dependencies, swiftSettings: settings),
        .testTarget(
            name: name + "Tests",
            dependencies: [.target(name: name), "TestData"] + dependencies + testSupport,
            resources: testResources,
            swiftSettings: settings
        ),
    ]
}

/// The commit, where the Makefile says it.
///
/// Not from `Context.gitInformation`: SwiftPM caches what this file evaluates to, and would build later
/// commits under the name of an earlier one.
let commit = (Context.environment["DPSCRIBE_COMMIT"] ?? "")
    .filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }

/// The server of `serve`, and its tests together with the client that Private Evolution is.
let completionServer: [Target] = [
    .target(
        name: "CompletionServer",
        dependencies: [
            "LanguageModel", "Corpus", "Messages", "SeededRandomness",
            .product(name: "FlyingSocks", package: "FlyingFox"),
        ],
        swiftSettings: strict
    ),
    .testTarget(
        name: "CompletionServerTests",
        dependencies: [
            "CompletionServer", "PrivateEvolution", "DifferentialPrivacy", "LanguageModel",
            "Corpus", "Kernels", "LocalServer", "Messages", "SeededRandomness",
            .product(name: "FlyingFox", package: "FlyingFox"),
            .product(name: "FlyingSocks", package: "FlyingFox"),
        ],
        swiftSettings: strict
    ),
]

let package = Package(
    name: "dpscribe",
    products: [.executable(name: "dpscribe", targets: ["CommandLineTool"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        // Sockets of `serve`, and HTTP of servers in tests: 61 files and no dependencies of its own.
        .package(url: "https://github.com/swhitty/FlyingFox", exact: "0.27.1"),
    ],
    targets: [
        .systemLibrary(
            name: "COpenBLAS",
            pkgConfig: "openblas",
            providers: [.apt(["libopenblas-dev"])]
        ),
        .systemLibrary(name: "CHDF5", pkgConfig: "hdf5", providers: [.apt(["libhdf5-dev"])]),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CVectorMath", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CBuild", cSettings: [.define("DPSCRIBE_COMMIT", to: "\"\(commit)\"")]),
        .executableTarget(
            name: "CommandLineTool",
            dependencies: [
                "PrivateTraining", "PublicTraining", "Training", "LabelProbe", "PrivateEvolution",
                "PrivatePrediction", "Evaluation", "Checkpoints",
                "LanguageModel", "Corpus", "DifferentialPrivacy", "PrivacyVerification", "Kernels",
                "Messages", "DemoCorpus", "CompletionServer", "CLinux", "Yams",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "CommandLineToolTests",
            dependencies: [
                "CommandLineTool", "PrivateEvolution", "PrivateTraining", "Messages",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        // Neither is a product: `scripts/fuzz` and Benchmarks/tokenizer.py run them.
        .executableTarget(
            name: "tokenizer-benchmark",
            dependencies: [
                "Corpus", .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Benchmarks/Tokenizer",
            swiftSettings: numeric
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: [
                "Checkpoints", "Corpus", "LanguageModel", "Autograd", "Kernels", "SeededRandomness",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/Fuzz",
            exclude: ["Corpus", "README.md"],
            swiftSettings: numeric
        ),
        // For tests alone: random draws and hostile files; a disk that fails where it is told to.
        .target(
            name: "TestData",
            dependencies: ["SeededRandomness"],
            path: "Tests/TestData",
            swiftSettings: numeric
        ),
        .target(name: "CFaultyDisk", path: "Tests/CFaultyDisk"),
        // For tests alone: counts allocations.
        .target(name: "CAllocations", path: "Tests/CAllocations"),
        // For tests alone: a server that answers as a test says, and a client that reads streams.
        .target(
            name: "LocalServer",
            dependencies: [
                .product(name: "FlyingFox", package: "FlyingFox"),
                .product(name: "FlyingSocks", package: "FlyingFox"),
            ],
            path: "Tests/LocalServer",
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "CommandLineTool", "DemoCorpus", "LocalServer",
                .product(name: "FlyingFox", package: "FlyingFox"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: strict
        ),
    ]
        + library("Kernels", ["Messages", "COpenBLAS", "CVectorMath"], settings: numeric)
        // SHA-256, HMAC, HKDF, AES, Ed25519: every key and every noise draw comes from here.
        + library("Cryptography", ["COpenSSL"], settings: numeric)
        + library("SeededRandomness", settings: numeric)
        // What libraries say to the user, without the options that only the command line knows.
        + library("Messages")
        + library("DemoCorpus", ["SeededRandomness"])
        + library(
            "DifferentialPrivacy",
            [
                "Messages", "Kernels", "Cryptography", "CBuild",
            ],
            settings: numeric,
            testResources: [.copy("Accounting/Fixtures")],
            testSupport: ["PrivacyVerification"]
        )
        // Checks what the accountants claim by formulas of its own: it may know what a manifest is, and
        // nothing of how one is computed (`scripts/check-structure`).
        + library(
            "PrivacyVerification",
            [
                "DifferentialPrivacy", "Kernels", "Cryptography",
            ],
            settings: numeric,
            testResources: [.copy("Fixtures")]
        )
        + library(
            "Corpus",
            ["Messages", "SeededRandomness", "CZlib", "CLinux"],
            settings: numeric,
            testResources: [.copy("Fixtures")]
        )
        + library("Autograd", ["Kernels"], settings: numeric)
        + library(
            "LanguageModel",
            ["Autograd", "Kernels"],
            settings: numeric,
            testResources: [.copy("Fixtures")]
        )
        + library(
            "Checkpoints",
            [
                "LanguageModel", "Autograd", "Kernels", "Cryptography",
            ],
            settings: numeric,
            testResources: [.copy("Fixtures")],
            // libhdf5 opens what we write, and writes what we open.
            testSupport: ["CFaultyDisk", "CHDF5"]
        )
        + library(
            "LabelProbe",
            [
                "Checkpoints", "LanguageModel", "Autograd", "Kernels", "DifferentialPrivacy",
                "Corpus",
            ],
            settings: numeric
        )
        // What private and public training share: the optimizer, its state, what they report.
        + library(
            "Training",
            [
                "Checkpoints", "LanguageModel", "Autograd", "Kernels", "DifferentialPrivacy",
                "Corpus", "Messages",
            ],
            settings: numeric
        )
        // Nothing of privacy: `scripts/check-structure` refuses an import of it.
        + library(
            "PublicTraining",
            [
                "Training", "Checkpoints", "LanguageModel", "Autograd", "Kernels", "Corpus",
                "Messages", "SeededRandomness",
            ],
            settings: numeric
        )
        + library(
            "PrivateTraining",
            [
                "Training", "LabelProbe", "Checkpoints", "LanguageModel", "Autograd", "Kernels",
                "DifferentialPrivacy", "Corpus", "Messages",
            ],
            settings: numeric,
            testSupport: ["PublicTraining", "CFaultyDisk", "CAllocations", "PrivacyVerification"]
        )
        + library(
            "PrivateEvolution",
            [
                "LanguageModel", "DifferentialPrivacy", "Corpus", "Messages", "Kernels",
                "SeededRandomness",
            ],
            settings: numeric,
            testSupport: ["PrivacyVerification"]
        )
        // Prompts hold private records; the ledger pays for each token that they choose.
        + library(
            "PrivatePrediction",
            [
                "PrivateEvolution", "LanguageModel", "DifferentialPrivacy", "Corpus", "Messages",
                "Kernels",
            ],
            settings: numeric,
            testSupport: ["PrivacyVerification", "SeededRandomness"]
        )
        + completionServer
        + library(
            "Evaluation",
            [
                "PublicTraining", "LanguageModel", "DifferentialPrivacy", "Corpus", "Messages",
                "Kernels", "SeededRandomness",
            ],
            settings: numeric,
            testResources: [.copy("Fixtures")]
        ),
    swiftLanguageModes: [.v6],
    cLanguageStandard: .c17
)
