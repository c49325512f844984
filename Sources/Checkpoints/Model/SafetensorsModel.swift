import LanguageModel

/// Reads a decoder's weights from safetensors files under any of the names that are in use.
///
/// - With and without the prefixes `model.`, `transformer.`, `module.` (PyTorch's data parallelism) and
///   `_orig_mod.` (its compiler), in any order.
/// - Where the head is tied, `lm_head.weight` may be there if it equals the token embedding.
/// - The attention masks and frequencies that older files carry are ignored. Any other name, a name
///   twice, or another shape is an error.
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
        let stored = configuration.storedTensors
        let (tensors, tiedHead) = try assign(files.tensors, to: stored)
        let parameters = DecoderParameters(zeros: configuration)
        try files.forEachPiece(of: tensors) { place, first, values in
            parameters.store(values, of: stored[place], from: first)
        }
        if let tiedHead { try checkTied(tiedHead, parameters, stored[0], files) }
        return parameters
    }

    /// One tensor for each of `stored`, in its order; and a tied head, if it is there.
    private func assign(
        _ tensors: [Tensor],
        to stored: [StoredTensor]
    ) throws(CheckpointError) -> ([Tensor], tiedHead: Tensor?) {
        let bareNames = stored.map { Self.bareName($0.name) }
        let wanted = Set(bareNames + [DecoderConfiguration.headName])
        var found: [String: Tensor] = [:]
        for tensor in tensors {
            let shown = CheckpointError.printable(tensor.description.name.utf8)
            let name = Self.bareName(tensor.description.name)
            if wanted.contains(name) {
                guard found.updateValue(tensor, forKey: name) == nil else {
                    throw .model(path: path, problem: "tensor \(shown) is there twice")
                }
            } else if !Self.isBuffer(name, layers: configuration.layerCount) {
                let family = configuration.family.title
                throw .model(path: path, problem: "tensor \(shown) is not part of this \(family)")
            }
        }
        var result: [Tensor] = []
        for (tensor, name) in zip(stored, bareNames) {
            guard let match = found[name] else {
                throw .model(path: path, problem: "tensor \(tensor.name) is missing")
            }
            try check(match, shape: tensor.shape)
            result.append(match)
        }
        guard configuration.isHeadTied, let head = found[DecoderConfiguration.headName] else {
            return (result, nil)
        }
        try check(head, shape: stored[0].shape)
        return (result, head)
    }

    /// Whether a name is that of a table that older versions saved and every version makes anew.
    private static func isBuffer(_ name: String, layers: Int) -> Bool {
        let parts = name.split(separator: ".", maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count == 3, ["h", "layers"].contains(parts[0]), let layer = Int(parts[1]),
            (0..<layers).contains(layer), String(layer) == parts[1]
        else { return false }
        let tables =
            parts[0] == "h" ? ["attn.bias", "attn.masked_bias"] : ["self_attn.rotary_emb.inv_freq"]
        return tables.contains(String(parts[2]))
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
        _ embedding: StoredTensor,
        _ files: SafetensorsFiles
    ) throws(CheckpointError) {
        try files.forEachPiece(of: [head]) { _, first, values throws(CheckpointError) in
            let range = first..<first + values.count
            guard parameters.storedValues(of: embedding, range) == values else {
                throw .model(
                    path: path,
                    problem:
                        "lm_head.weight differs from \(embedding.name), though config.json says "
                        + "that the head is tied; say \"tie_word_embeddings\": false there"
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

    private static let prefixes = ["model.", "transformer.", "module.", "_orig_mod."]
}
