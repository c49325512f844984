import Foundation

/// `model.safetensors.index.json`: which file of a folder each tensor of a model lies in.
///
/// Format: {"metadata": {"total_size": bytes}, "weight_map": {tensor: file}} (Hugging Face, "Big
/// models"). The files it names lie beside it: a name with a folder in it is refused, and so is a link
/// that leads elsewhere than Hugging Face's cache, whose folders consist of links.
struct SafetensorsIndex {
    static let name = "model.safetensors.index.json"
    /// Longest index, in bytes; that of a model with 10,000 tensors has about one million.
    static let longest = 4 << 20
    /// Most files.
    static let mostFiles = 1_000

    private let path: String
    private let folder: String
    /// The tensors of each file.
    private var tensors: [String: Set<String>] = [:]
    private let totalSize: Int?

    /// Reads and checks an index; the files it names are not looked at.
    init(path: String) throws(CheckpointError) {
        self.path = path
        folder = Storage.split(path).folder
        let json = try InputFile(path).contents(limit: Self.longest)
        var parser = SafetensorsHeaderParser(json)
        let found: (totalSize: Int?, map: [(tensor: String, file: String)])
        do throws(SafetensorsDefect) { found = try parser.parseIndex() } catch {
            throw .model(path: path, problem: "it is no index of tensors: \(error)")
        }
        totalSize = found.totalSize
        for (tensor, file) in found.map {
            try Self.check(file, path)
            tensors[file, default: []].insert(tensor)
        }
        guard !tensors.isEmpty else { throw .model(path: path, problem: "it names no tensor") }
        guard tensors.count <= Self.mostFiles else {
            throw .model(
                path: path,
                problem: "it names \(tensors.count) files; at most \(Self.mostFiles) are read"
            )
        }
    }

    /// A file's name as Hugging Face writes it: visible, of this folder, .safetensors.
    private static func check(_ file: String, _ path: String) throws(CheckpointError) {
        let bytes = file.utf8
        guard bytes.allSatisfy({ (0x21..<0x7F).contains($0) && $0 != UInt8(ascii: "/") }),
            bytes.count <= 255, !file.hasPrefix("."), file.hasSuffix(".safetensors")
        else {
            throw .model(
                path: path,
                problem: "it names \(CheckpointError.printable(bytes)), which is no .safetensors "
                    + "file of the same folder"
            )
        }
    }

    /// Opens the files: together they have the tensors that the index names, each where it says.
    func open() throws(CheckpointError) -> SafetensorsFiles {
        let names = tensors.keys.sorted()
        for name in names { try requireBeside(name) }
        let files = try SafetensorsFiles(paths: names.map { folder + "/" + $0 })
        for (place, name) in names.enumerated() {
            let present = Set(files.tensors.filter { $0.file == place }.map(\.description.name))
            let promised = tensors[name] ?? []
            if let other = promised.symmetricDifference(present).min() {
                throw .model(
                    path: path,
                    problem: "tensor \(CheckpointError.printable(other.utf8)) "
                        + (present.contains(other)
                            ? "lies in \(name), but the index does not say so"
                            : "does not lie in \(name), as the index says")
                )
            }
        }
        let size = files.tensors.reduce(0) { $0 + $1.description.bytes.count }
        guard totalSize == nil || totalSize == size else {
            throw .model(
                path: path,
                problem: "it says that the tensors have \(totalSize ?? 0) bytes; they have \(size)"
            )
        }
        return files
    }

    /// Refuses a link out of the folder, but for those of Hugging Face's cache:
    /// models--…/snapshots/REVISION/FILE leads to models--…/blobs/HASH.
    private func requireBeside(_ name: String) throws(CheckpointError) {
        let file = folder + "/" + name
        let real = URL(filePath: file).resolvingSymlinksInPath().standardizedFileURL
        let home = URL(filePath: folder).resolvingSymlinksInPath().standardizedFileURL
        let parent = real.deletingLastPathComponent().path
        let isCache = home.deletingLastPathComponent().lastPathComponent == "snapshots"
        let blobs = home.deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "blobs")
        guard parent == home.path || (isCache && parent == blobs.path) else {
            throw .model(
                path: path,
                problem: "\(name) is a link that leads out of the folder; copy the file there"
            )
        }
    }
}

extension SafetensorsHeaderParser {
    /// Parses the one shape of JSON that an index may have; a tensor named twice is a defect.
    mutating func parseIndex() throws(SafetensorsDefect) -> (
        totalSize: Int?, map: [(tensor: String, file: String)]
    ) {
        var totalSize: Int?
        var map: [(tensor: String, file: String)]?
        var seen: Set<[UInt8]> = []
        try object { parser, key throws(SafetensorsDefect) in
            guard seen.insert(key).inserted else {
                throw .duplicateKey(CheckpointError.printable(key))
            }
            switch String(decoding: key, as: UTF8.self) {
            case "metadata": totalSize = try parser.totalSize()
            case "weight_map":
                map = try parser.metadata().map { (tensor: $0.key, file: $0.value) }
            default:
                throw .headerSyntax(position: 0, expected: "metadata or weight_map as the keys")
            }
        }
        try expectEnd()
        guard let map else { throw .missingKey(tensor: "index", key: "weight_map") }
        return (totalSize, map)
    }

    /// The bytes of all tensors, among other numbers and texts about the files.
    private mutating func totalSize() throws(SafetensorsDefect) -> Int? {
        var size: Int?
        try object { parser, key throws(SafetensorsDefect) in
            let value = try parser.scalar()
            guard key == Array("total_size".utf8) else { return }
            // Some writers make it a floating-point number.
            guard let number = Double(String(decoding: value, as: UTF8.self)), number >= 0,
                let bytes = Int(exactly: number)
            else { throw .sizeOverflow(tensor: "total_size") }
            size = bytes
        }
        return size
    }
}
