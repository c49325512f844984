import Autograd
import Kernels
import LanguageModel

/// Reads GPT-2's weights from a safetensors file under any of the names that are in use.
///
/// - With and without the prefix `transformer.`.
/// - `lm_head.weight` may be there if it equals `wte.weight`: the head is tied.
/// - The attention masks that older files carry, `h.N.attn.bias` and `h.N.attn.masked_bias`, are
///   ignored. Any other name, a name twice, or another shape is an error.
struct SafetensorsModel {
    private let configuration: GPT2Configuration

    init(_ configuration: GPT2Configuration) { self.configuration = configuration }

    func load(_ path: String) throws(CheckpointError) -> GPT2Parameters {
        let reader = try SafetensorsReader(path: path)
        let (tensors, head) = try assign(reader.header.tensors, path)
        let parameters = GPT2Parameters(zeros: configuration)
        for (entry, tensor) in zip(parameters.layout.entries, tensors) {
            try reader.read(tensor, into: parameters.values, at: entry.offset)
        }
        if let head { try checkTied(head, parameters, reader, path) }
        return parameters
    }

    /// One tensor for each entry of the layout, in its order; and the head, if it is there.
    private func assign(
        _ tensors: [SafetensorsTensor], _ path: String
    ) throws(CheckpointError) -> ([SafetensorsTensor], head: SafetensorsTensor?) {
        let layout = GPT2Parameters.layout(of: configuration)
        let masks = Set((0..<configuration.layerCount).flatMap { layer in
            ["h.\(layer).attn.bias", "h.\(layer).attn.masked_bias"]
        })
        let wanted = Set(layout.entries.map(\.name))
        var found: [String: SafetensorsTensor] = [:]
        var head: SafetensorsTensor?
        for tensor in tensors {
            let shown = CheckpointError.printable(tensor.name.utf8)
            let name =
                tensor.name.hasPrefix(Self.prefix)
                ? String(tensor.name.dropFirst(Self.prefix.count)) : tensor.name
            if tensor.name == "lm_head.weight" {
                head = tensor
            } else if wanted.contains(name) {
                guard found.updateValue(tensor, forKey: name) == nil else {
                    throw .model(path: path, problem: "tensor \(shown) is there twice")
                }
            } else if !masks.contains(name) {
                throw .model(path: path, problem: "tensor \(shown) is not part of this GPT-2")
            }
        }
        var result: [SafetensorsTensor] = []
        for entry in layout.entries {
            guard let tensor = found[entry.name] else {
                throw .model(path: path, problem: "tensor \(entry.name) is missing")
            }
            try check(tensor, shape: entry.shape, path)
            result.append(tensor)
        }
        if let head { try check(head, shape: result[0].shape, path) }
        return (result, head)
    }

    private func check(
        _ tensor: SafetensorsTensor, shape: [Int], _ path: String
    ) throws(CheckpointError) {
        guard tensor.shape == shape else {
            throw .model(
                path: path,
                problem: "tensor \(CheckpointError.printable(tensor.name.utf8)) has the shape "
                    + "\(tensor.shape) instead of \(shape)")
        }
    }

    private func checkTied(
        _ head: SafetensorsTensor, _ parameters: GPT2Parameters,
        _ reader: borrowing SafetensorsReader, _ path: String
    ) throws(CheckpointError) {
        let start = parameters.layout.entries[0].offset
        try reader.forEachPiece(of: head) { first, values throws(CheckpointError) in
            let range = start + first..<start + first + values.count
            guard parameters.values.values(range) == values else {
                throw .model(
                    path: path,
                    problem: "lm_head.weight differs from wte.weight; only tied heads are "
                        + "supported")
            }
        }
    }

    private static let prefix = "transformer."
}
