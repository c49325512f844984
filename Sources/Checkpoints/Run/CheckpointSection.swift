package import Autograd
package import Kernels

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
        _ section: CheckpointSchema.Section, _ layout: ParameterLayout, _ values: FloatBuffer
    ) {
        precondition(
            values.count == layout.count, "\(values.count) values for a layout of \(layout.count)")
        self.section = section
        self.layout = layout
        self.values = values
    }
}
