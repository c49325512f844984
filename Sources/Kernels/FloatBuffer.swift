/// A fixed number of floats in 64-byte aligned memory, shared by reference.
///
/// The owner of every large array: parameters, optimizer state, activations, gradients. Kernels
/// reach its memory directly; everything above them goes through bounds-checked subscripts and
/// spans. Concurrent writers must touch disjoint ranges.
@safe public final class FloatBuffer: @unchecked Sendable {
    // Sendable: memory is fixed at creation; ParallelFor hands disjoint ranges to its workers.
    /// The number of floats.
    public let count: Int
    package let base: UnsafeMutablePointer<Float>
    private let memory: AlignedMemory

    /// Allocates `count` zeros.
    public init(count: Int) {
        precondition(count >= 0, "a FloatBuffer cannot have \(count) elements")
        self.count = count
        unsafe memory = AlignedMemory(byteCount: max(count, 1) * MemoryLayout<Float>.stride)
        unsafe base = unsafe memory.start.bindMemory(to: Float.self, capacity: max(count, 1))
    }

    /// Copies an array.
    public convenience init(_ values: [Float]) {
        self.init(count: values.count)
        store(values, at: 0)
    }

    deinit { unsafe memory.free() }

    /// The element at `index`.
    public subscript(index: Int) -> Float {
        get {
            precondition(index >= 0 && index < count, "index \(index) outside 0..<\(count)")
            return unsafe base[index]
        }
        set {
            precondition(index >= 0 && index < count, "index \(index) outside 0..<\(count)")
            unsafe base[index] = newValue
        }
    }

    /// Copies `values` to `offset` and the places after it.
    public func store(_ values: [Float], at offset: Int) {
        precondition(
            offset >= 0 && offset + values.count <= count,
            "\(values.count) values at \(offset) do not fit into \(count)"
        )
        unsafe values.withUnsafeBufferPointer { source in
            if let start = source.baseAddress {
                unsafe (base + offset).update(from: start, count: values.count)
            }
        }
    }

    /// Copies the elements of `range` out.
    public func values(_ range: Range<Int>) -> [Float] {
        requireInside(range)
        return unsafe Array(UnsafeBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    /// Calls `body` with the elements of `range`, read only.
    public func withSpan<Result>(
        _ range: Range<Int>,
        _ body: (Span<Float>) throws -> Result
    ) rethrows -> Result {
        requireInside(range)
        let pointer = unsafe UnsafeBufferPointer(start: base + range.lowerBound, count: range.count)
        return try unsafe body(Span(_unsafeElements: pointer))
    }

    /// Calls `body` with the elements of `range`, for writing.
    public func withMutableSpan<Result>(
        _ range: Range<Int>,
        _ body: (inout MutableSpan<Float>) throws -> Result
    ) rethrows -> Result {
        requireInside(range)
        let pointer = unsafe UnsafeMutableBufferPointer(
            start: base + range.lowerBound,
            count: range.count
        )
        var span = unsafe MutableSpan(_unsafeElements: pointer)
        return try body(&span)
    }

    /// Sets every element of `range` to `value`.
    public func fill(_ range: Range<Int>, with value: Float) {
        requireInside(range)
        unsafe (base + range.lowerBound).update(repeating: value, count: range.count)
    }

    /// Stops the process for places that the buffer does not have.
    func requireInside(_ range: Range<Int>) {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= count,
            "\(range) outside 0..<\(count)"
        )
    }
}
