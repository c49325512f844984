package import LanguageModel

/// A model in one GGUF file: what its header says, and its weights.
package struct GGUFModel {
    /// A tokenizer as the header spells it; what it means is `Corpus`' to say.
    package struct Tokenizer: Sendable {
        /// Spellings of the tokens by id.
        package let tokens: [[UInt8]]
        /// "left right", lowest rank first.
        package let merges: [[UInt8]]
        /// The ids of control tokens.
        package let controls: Set<Int>
        /// llama.cpp's name of the pattern that text is cut by.
        package let pattern: String
        package let beginning, ending: Int?
        /// Whether the token that begins a text stands before every one.
        package let beginsEveryText: Bool
    }

    /// The shape of the model.
    package let configuration: DecoderConfiguration
    private let path: String
    private let header: GGUFHeader

    /// Opens a file and checks its header; weights are not read.
    package init(path: String) throws(CheckpointError) {
        let file = try InputFile(path)
        var bytes = [UInt8](repeating: 0, count: min(file.size, GGUFHeader.longest))
        try file.read(bytes.count, into: &bytes, at: 0)
        do throws(GGUFDefect) {
            header = try GGUFHeader(bytes, fileSize: file.size)
        } catch {
            throw .model(path: path, problem: "it is not a GGUF file that is read here: \(error)")
        }
        self.path = path
        let metadata = GGUFMetadata(header, path: path)
        let json = Array(try metadata.configurationJSON().utf8)
        do throws(DecoderConfigurationError) {
            configuration = try DecoderConfiguration(huggingFaceJSON: json)
        } catch {
            throw .configuration(path: path, problem: error)
        }
    }

    /// The tokenizer of the file.
    package func tokenizer() throws(CheckpointError) -> Tokenizer {
        try GGUFMetadata(header, path: path).tokenizer()
    }

    /// Reads the weights; names, shapes and finiteness are checked.
    package func load() throws(CheckpointError) -> DecoderParameters {
        let stored = configuration.storedTensors
        var found: [String: GGUFHeader.Tensor] = [:]
        for tensor in header.tensors { found[tensor.name] = tensor }
        var sources: [GGUFHeader.Tensor] = []
        for tensor in stored {
            let name = GGUFNames.name(of: tensor.name)
            guard let source = found.removeValue(forKey: name) else {
                throw .model(path: path, problem: "tensor \(name) is missing")
            }
            let shape = isStoredTransposed(tensor) ? tensor.shape.reversed() : tensor.shape
            guard source.shape == shape else {
                throw .model(
                    path: path,
                    problem: "tensor \(name) has the shape \(source.shape) instead of \(shape)"
                )
            }
            sources.append(source)
        }
        if let other = found.keys.min() {
            let family = configuration.family.title
            throw .model(
                path: path,
                problem: "tensor \(other) is not supported in a \(family) model"
            )
        }
        let parameters = DecoderParameters(zeros: configuration)
        let file = try InputFile(path)
        for (tensor, source) in zip(stored, sources) {
            try read(source, of: file, as: tensor, into: parameters)
        }
        return parameters
    }

    /// GPT-2's linear weights are [out, in] here and [in, out] in its own files.
    private func isStoredTransposed(_ tensor: StoredTensor) -> Bool {
        configuration.family == .gpt2 && tensor.name.hasPrefix("h.") && tensor.shape.count == 2
    }

    /// Reads a tensor row by row into its place.
    private func read(
        _ source: GGUFHeader.Tensor,
        of file: borrowing InputFile,
        as tensor: StoredTensor,
        into parameters: DecoderParameters
    ) throws(CheckpointError) {
        let width = source.shape.last ?? 1
        let rowBytes = width / source.type.blockLength * source.type.blockSize
        let rows = source.count / width
        let atOnce = max(1, (1 << 20) / rowBytes)
        for first in stride(from: 0, to: rows, by: atOnce) {
            let count = min(atOnce, rows - first)
            var bytes = [UInt8](repeating: 0, count: count * rowBytes)
            try file.read(bytes.count, into: &bytes, at: source.offset + first * rowBytes)
            let values = source.type.values(bytes)
            guard HalfPrecision.areFinite(values) else {
                throw .model(
                    path: path,
                    problem: "tensor \(source.name) has a value that is not finite"
                )
            }
            for row in 0..<count {
                let part = Array(values[row * width..<(row + 1) * width])
                store(part, row: first + row, of: tensor, into: parameters)
            }
        }
    }

    private func store(
        _ values: [Float],
        row: Int,
        of tensor: StoredTensor,
        into parameters: DecoderParameters
    ) {
        if isStoredTransposed(tensor) {
            for (column, value) in values.enumerated() {
                parameters.store([value], of: tensor, from: column * tensor.shape[1] + row)
            }
        } else if tensor.shape.count == 1, isTurned(tensor) {
            // A bias, one number a row of the weight.
            for (place, value) in values.enumerated() {
                parameters.store([value], of: tensor, from: untangled(place))
            }
        } else {
            let place = isTurned(tensor) ? untangled(row) : row
            parameters.store(values, of: tensor, from: place * values.count)
        }
    }

    /// Whether llama.cpp's converter has put the rows of each head in another order: those of
    /// Llama's queries and keys, for which it turns neighbours instead of halves.
    private func isTurned(_ tensor: StoredTensor) -> Bool {
        configuration.family == .llama
            && (tensor.name.contains(".q_proj.") || tensor.name.contains(".k_proj."))
    }

    /// The row of a weight whose halves are paired, of one whose neighbours are.
    private func untangled(_ row: Int) -> Int {
        let width = configuration.headWidth
        let (head, place) = (row / width, row % width)
        return head * width + place % 2 * (width / 2) + place / 2
    }
}

/// llama.cpp's names of tensors.
enum GGUFNames {
    private static let wholes = [
        "model.embed_tokens.weight": "token_embd.weight", "wte.weight": "token_embd.weight",
        "wpe.weight": "position_embd.weight", "model.norm.weight": "output_norm.weight",
        "ln_f.weight": "output_norm.weight", "ln_f.bias": "output_norm.bias",
        "lm_head.weight": "output.weight",
    ]
    private static let parts = [
        "input_layernorm": "attn_norm", "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
        "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm",
        "post_attention_layernorm": "ffn_norm", "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "ln_1": "attn_norm",
        "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output", "ln_2": "ffn_norm",
        "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down",
    ]

    /// The name of a tensor that transformers calls `name`.
    static func name(of name: String) -> String {
        if let whole = wholes[name] { return whole }
        let bare = name.replacing("model.layers.", with: "").replacing(
            "h.",
            with: "",
            maxReplacements: 1
        )
        let pieces = bare.split(separator: ".")
        let part = pieces.dropFirst().dropLast().joined(separator: ".")
        return "blk.\(pieces.first ?? "").\(parts[part] ?? part).\(pieces.last ?? "")"
    }
}

/// What the members of a GGUF header say, in the terms of `config.json`.
private struct GGUFMetadata {
    private let header: GGUFHeader
    private let path: String

    init(_ header: GGUFHeader, path: String) {
        self.header = header
        self.path = path
    }

    private func missing(_ key: String) -> CheckpointError {
        .model(path: path, problem: "its header has no \(key) of the usual type")
    }

    private func text(_ key: String) -> String? {
        guard case .text(let bytes) = header.members[key] else { return nil }
        return CheckpointError.printable(bytes)
    }

    private func integer(_ key: String) -> Int? {
        guard case .integer(let integer) = header.members[key] else { return nil }
        return integer
    }

    private func number(_ key: String) -> Double? {
        if case .number(let number) = header.members[key] { return number }
        return integer(key).map(Double.init)
    }

    /// The `config.json` of the same model.
    func configurationJSON() throws(CheckpointError) -> String {
        guard let architecture = text("general.architecture") else {
            throw missing("general.architecture")
        }
        guard let embedding = header.tensors.first(where: { $0.name == "token_embd.weight" }),
            embedding.shape.count == 2
        else { throw .model(path: path, problem: "tensor token_embd.weight is missing") }
        let isGPT2 = architecture == "gpt2"
        let prefix = architecture + "."
        var members = ["\"model_type\": \"\(architecture)\""]
        members.append("\"vocab_size\": \(embedding.shape[0])")
        let isTied = !header.tensors.contains { $0.name == "output.weight" }
        members.append("\"tie_word_embeddings\": \(isTied)")
        let sizes = [
            ("block_count", "num_hidden_layers", "n_layer"),
            ("context_length", "max_position_embeddings", "n_positions"),
            ("embedding_length", "hidden_size", "n_embd"),
            ("feed_forward_length", "intermediate_size", "n_inner"),
            ("attention.head_count", "num_attention_heads", "n_head"),
            ("attention.head_count_kv", "num_key_value_heads", ""),
            ("attention.key_length", "head_dim", ""),
        ]
        for (key, name, nameInGPT2) in sizes {
            guard let size = integer(prefix + key) else { continue }
            let shown = isGPT2 ? nameInGPT2 : name
            if !shown.isEmpty { members.append("\"\(shown)\": \(size)") }
        }
        if let epsilon = number(prefix + "attention.layer_norm_rms_epsilon") {
            members.append("\"rms_norm_eps\": \(Float(epsilon))")
        }
        if let epsilon = number(prefix + "attention.layer_norm_epsilon"), isGPT2 {
            members.append("\"layer_norm_epsilon\": \(Float(epsilon))")
        }
        if let base = number(prefix + "rope.freq_base"), base.isFinite {
            members.append("\"rope_theta\": \(base)")
        }
        if let type = text(prefix + "rope.scaling.type"), type != "none" {
            let factor = number(prefix + "rope.scaling.factor") ?? 0
            members.append(
                "\"rope_scaling\": {\"type\": \"\(type)\", \"factor\": \(factor.isFinite ? factor : 0)}"
            )
        }
        if header.tensors.contains(where: { $0.name.hasSuffix("attn_q.bias") }),
            architecture == "llama"
        {
            members.append("\"attention_bias\": true")
        }
        return "{\(members.joined(separator: ", "))}"
    }

    func tokenizer() throws(CheckpointError) -> GGUFModel.Tokenizer {
        let prefix = "tokenizer.ggml."
        guard text(prefix + "model") == "gpt2" else {
            let found = text(prefix + "model") ?? "none"
            throw .model(
                path: path,
                problem: "its tokenizer is \(found); only gpt2, byte-level BPE, is supported"
            )
        }
        guard case .texts(let tokens) = header.members[prefix + "tokens"] else {
            throw missing(prefix + "tokens")
        }
        guard case .texts(let merges) = header.members[prefix + "merges"] else {
            throw missing(prefix + "merges")
        }
        var controls: Set<Int> = []
        if case .integers(let types) = header.members[prefix + "token_type"] {
            guard types.count == tokens.count else { throw missing(prefix + "token_type") }
            // 3 is a control token; 4 is an added one, and 5 is unused.
            controls = Set(
                types.indices.filter { types[$0] == 3 || types[$0] == 4 || types[$0] == 5 }
            )
        }
        return GGUFModel.Tokenizer(
            tokens: tokens,
            merges: merges,
            controls: controls,
            pattern: text(prefix + "pre") ?? "default",
            beginning: integer(prefix + "bos_token_id"),
            ending: integer(prefix + "eos_token_id"),
            beginsEveryText: header.members[prefix + "add_bos_token"] == .flag(true)
        )
    }
}
