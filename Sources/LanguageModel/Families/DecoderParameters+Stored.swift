import Autograd
import Kernels

extension DecoderParameters {
    /// Puts values of a tensor of a file in their places among the parameters.
    ///
    /// - Parameters:
    ///   - stored: Values in the file's order.
    ///   - tensor: One of the configuration's `storedTensors`.
    ///   - first: The place of the first value in the tensor.
    package func store(_ stored: [Float], of tensor: StoredTensor, from first: Int) {
        let places = places(of: tensor)
        values.withMutableSpan(places.entry.range) { span in
            places.forEach(first..<first + stored.count) { span[$1] = stored[$0 - first] }
        }
    }

    /// Values of a tensor in the order in which a file has them, those at `range`.
    package func storedValues(of tensor: StoredTensor, _ range: Range<Int>) -> [Float] {
        let places = places(of: tensor)
        var stored = [Float](repeating: 0, count: range.count)
        values.withSpan(places.entry.range) { span in
            places.forEach(range) { stored[$0 - range.lowerBound] = span[$1] }
        }
        return stored
    }

    private func places(of tensor: StoredTensor) -> TensorPlaces {
        guard let entry = layout[tensor.parameter] else {
            preconditionFailure("the layout has no parameter \(tensor.parameter)")
        }
        return TensorPlaces(tensor: tensor, entry: entry)
    }
}

/// Where the values of a stored tensor lie within its parameter.
private struct TensorPlaces {
    let tensor: StoredTensor
    let entry: ParameterLayout.Entry

    /// Calls `body` with each place in the tensor, of `range`, and its place in the parameter.
    ///
    /// A transposed tensor goes through row by row of the parameter, whose places follow one another.
    func forEach(_ range: Range<Int>, _ body: (_ stored: Int, _ place: Int) -> Void) {
        let stride = entry.shape.last ?? 1
        let width = tensor.shape.last ?? 1
        guard tensor.isTransposed else {
            for index in range {
                body(index, index / width * stride + tensor.firstColumn + index % width)
            }
            return
        }
        for row in 0..<width {
            let first = range.lowerBound + (row - range.lowerBound % width + width) % width
            for index in Swift.stride(from: first, to: range.upperBound, by: width) {
                body(index, row * stride + tensor.firstColumn + index / width)
            }
        }
    }
}
