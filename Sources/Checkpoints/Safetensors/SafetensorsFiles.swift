/// The tensors of a model's safetensors files, of which there may be one or several.
///
/// Headers are checked when it is made. A file is opened again to read its values, and must then have
/// the header it had.
struct SafetensorsFiles {
    /// A tensor and the file that it lies in.
    struct Tensor {
        let description: SafetensorsTensor
        /// The place of the file among `paths`.
        let file: Int
    }

    /// The files.
    let paths: [String]
    /// All of their tensors, by files; a name may come twice.
    let tensors: [Tensor]

    /// Opens files and checks their headers.
    init(paths: [String]) throws(CheckpointError) {
        self.paths = paths
        var tensors: [Tensor] = []
        for (place, path) in paths.enumerated() {
            let header = try SafetensorsReader(path: path).header
            tensors += header.tensors.map { Tensor(description: $0, file: place) }
            guard tensors.count <= SafetensorsHeader.mostTensors else {
                let limit = SafetensorsHeader.mostTensors
                throw .safetensors(path: path, defect: .tooManyTensors(limit: limit))
            }
        }
        self.tensors = tensors
    }

    /// Calls `body` with each tensor's place among `wanted` and its values, piece by piece in order;
    /// file by file.
    func forEachPiece(
        of wanted: [Tensor],
        _ body: (_ place: Int, _ first: Int, _ values: [Float]) throws(CheckpointError) -> Void
    ) throws(CheckpointError) {
        for file in paths.indices where wanted.contains(where: { $0.file == file }) {
            let reader = try reopened(file)
            for (place, tensor) in wanted.enumerated() where tensor.file == file {
                try reader.forEachPiece(of: tensor.description) {
                    first,
                    values throws(CheckpointError) in
                    try body(place, first, values)
                }
            }
        }
    }

    private func reopened(_ place: Int) throws(CheckpointError) -> SafetensorsReader {
        let reader = try SafetensorsReader(path: paths[place])
        let known = tensors.lazy.filter { $0.file == place }.map(\.description)
        guard reader.header.tensors.elementsEqual(known) else {
            throw .model(path: paths[place], problem: "the file changed while it was read")
        }
        return reader
    }
}
