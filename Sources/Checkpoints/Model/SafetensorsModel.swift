import Autograd
import Kernels
import LanguageModel

/// Reads GPT-2's weights from safetensors files under any of the names that are in use.
///
/// - With and without the prefixes `transformer.`, `module.` (PyTorch's data parallelism) and
///   `_orig_mod.` (its compiler), in any order.
/// - `lm_head.weight` may be there if it equals `wte.weight`: the head is tied.
/// - The attention masks that older files carry, `h.N.attn.bias` and `h.N.attn.masked_bias`, are
///   ignored. Any other name, a name twice, or another shape is an error.
struct SafetensorsModel {
    private typealias Tensor = SafetensorsFiles.Tensor

    private let configuration: DecoderConfiguration
    /// What errors name: the file, or the index of several.
    private let path: String

    init(_ configuration: DecoderConfiguration, path: String) {
        self.configuration = configuration
        self.path = path
    }

    func load(_ files: SafetensorsFiles) throws(CheckpointError) -> DecoderParameters {
        let (tensors, head) = try assign(files.tensors)
        let parameters = DecoderParameters(zeros: configuration)
        let places = zip(tensors, parameters.layout.entries).map { ($0, offset: $1.offset) }
        try files.read(places, into: parameters.values)
        if let head { try checkTied(head, parameters, files) }
        return parameters
    }

    /// One tensor for each entry of the layout, in its order; and the head, if it is there.
    private func assign(
        _ tensors: [Tensor]
    ) throws(CheckpointError) -> ([Tensor], head: Tensor?) {
        let layout = DecoderParameters.layout(of: configuration)
        let masks = Set(
            (0..<configuration.layerCount).flatMap { layer in
                ["h.\(layer).attn.bias", "h.\(layer).attn.masked_bias"]
            }
        )
        let wanted = Set(layout.entries.map(\.name) + [Self.head])
        var found: [String: Tensor] = [:]
        for tensor in tensors {
            let shown = CheckpointError.printable(tensor.description.name.utf8)
            let name = Self.bareName(tensor.description.name)
            if wanted.contains(name) {
                guard found.updateValue(tensor, forKey: name) == nil else {
                    throw .model(path: path, problem: "tensor \(shown) is there twice")
                }
            } else if !masks.contains(name) {
                throw .model(path: path, problem: "tensor \(shown) is not part of this GPT-2")
            }
        }
        var result: [Tensor] = []
        for entry in layout.entries {
            guard let tensor = found[entry.name] else {
                throw .model(path: path, problem: "tensor \(entry.name) is missing")
            }
            try check(tensor, shape: entry.shape)
            result.append(tensor)
        }
        if let head = found[Self.head] { try check(head, shape: result[0].description.shape) }
        return (result, found[Self.head])
    }

    private func check(_ tensor: Tensor, shape: [Int]) throws(CheckpointError) {
        let (name, found) = (tensor.description.name, tensor.description.shape)
        guard found == shape else {
            throw .model(
                path: path,
                problem: "tensor \(CheckpointError.printable(name.utf8)) has the shape "
                    + "\(found) instead of \(shape)"
            )
        }
    }

    private func checkTied(
        _ head: Tensor,
        _ parameters: DecoderParameters,
        _ files: SafetensorsFiles
    ) throws(CheckpointError) {
        let start = parameters.layout.entries[0].offset
        try files.forEachPiece(of: head) { first, values throws(CheckpointError) in
            let range = start + first..<start + first + values.count
            guard parameters.values.values(range) == values else {
                throw .model(
                    path: path,
                    problem: "lm_head.weight differs from wte.weight; only tied heads are "
                        + "supported"
                )
            }
        }
    }

    /// The name without what wrappers put before it.
    static func bareName(_ name: String) -> String {
        var rest = Substring(name)
        while let prefix = prefixes.first(where: rest.hasPrefix) { rest.removeFirst(prefix.count) }
        return String(rest)
    }

    private static let head = "lm_head.weight"
    private static let prefixes = ["transformer.", "module.", "_orig_mod."]
}
