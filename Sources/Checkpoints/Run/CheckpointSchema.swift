package import Autograd
package import Kernels

/// Every name in a checkpoint file, and the version of their meaning.
///
/// A file holds, beside the root's attributes, one group a section, and in it one contiguous
/// little-endian Float32 dataset a tensor, under the tensor's own name:
///
///     /                                   attributes: see `Attribute`
///     /parameters/h.0.attn.c_attn.weight  [in, out], GPT-2's names and layout
///     /first_moment/…  /second_moment/…   of AdamW, names and shapes of what is trained
///     /adapters/…                         of LoRA, if any
///
/// Superblock 2, version-2 object headers, no filters, no time stamps: equal contents are equal
/// bytes.
package enum CheckpointSchema {
    /// Raised when a name or a meaning changes.
    package static let formatVersion = 1
    /// The value of the attribute `format`.
    package static let format = "dpscribe-checkpoint"

    /// The groups.
    package enum Section: String, Sendable, CaseIterable {
        case parameters
        case adapters
        case firstMoment = "first_moment"
        case secondMoment = "second_moment"
    }

    /// The root's attributes; all are present.
    enum Attribute: String, CaseIterable {
        /// Text: `dpscribe-checkpoint`.
        case format
        /// Integer: 1.
        case formatVersion = "format_version"
        /// Text: the version of dpscribe that wrote the file.
        case productVersion = "product_version"
        /// Integer: optimizer steps done.
        case step
        /// Text: the model's `config.json`.
        case configuration
        /// Text: the trainer's own JSON, at most 32 KiB; empty for a model.
        case state
    }

    /// A checkpoint's file name, `step-000400.h5`.
    package static func fileName(step: Int) -> String {
        let digits = String(step)
        return "step-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits + ".h5"
    }

    /// The step of a checkpoint's file name, or nil for another name.
    package static func step(ofFileName name: String) -> Int? {
        guard name.hasPrefix("step-"), name.hasSuffix(".h5"),
            let step = Int(name.dropFirst(5).dropLast(3)), step >= 0, fileName(step: step) == name
        else { return nil }
        return step
    }
}

/// One group of a checkpoint: named tensors in one flat buffer, shared and not copied.
package struct CheckpointSection: Sendable {
    /// Which group.
    package let section: CheckpointSchema.Section
    /// Names, shapes and places of the tensors.
    package let layout: ParameterLayout
    /// The values, [layout.count].
    package let values: FloatBuffer

    /// Creates a section; the buffer is as long as the layout says.
    package init(
        _ section: CheckpointSchema.Section,
        _ layout: ParameterLayout,
        _ values: FloatBuffer
    ) {
        precondition(
            values.count == layout.count,
            "\(values.count) values for a layout of \(layout.count)"
        )
        self.section = section
        self.layout = layout
        self.values = values
    }
}
