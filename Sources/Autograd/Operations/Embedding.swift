package import Kernels

/// The sum of a token's and a position's embedding, rows of tables [vocabulary | context, width].
///
/// Without a table of positions it is the token's alone.
package struct Embedding: Sendable {
    package let tokens: Parameter
    package let positions: Parameter?

    /// Joins both tables.
    package init(tokens: Parameter, positions: Parameter?) {
        self.tokens = tokens
        self.positions = positions
    }

    /// output[t] = tokens[tokenIDs[t]] + positions[positionIDs[t]], [rows, width].
    package func forward(tokenIDs: [Int32], positionIDs: [Int32], into output: Matrix) {
        for (row, (token, position)) in zip(tokenIDs, positionIDs).enumerated() {
            let target = output.rows(row..<row + 1)
            target.copy(from: tokens.value.rows(Int(token)..<Int(token) + 1))
            guard let positions else { continue }
            target.add(positions.value.rows(Int(position)..<Int(position) + 1))
        }
    }

    /// Records the terms of both tables.
    ///
    /// Both terms share the rows of `outputGradient`: the position term copies them, since each
    /// term is weighted in place.
    package func backward(
        tokenIDs: [Int32],
        positionIDs: [Int32],
        outputGradient: Matrix,
        on tape: Tape
    ) {
        if let positions, positions.slot != nil {
            let copy = tape.kept.matrix(rows: outputGradient.rows, columns: outputGradient.columns)
            copy.copy(from: outputGradient)
            let term = LookupTerm(indices: positionIDs, rows: copy, units: tape.units)
            tape.record(.lookup(term), of: positions)
        }
        let term = LookupTerm(indices: tokenIDs, rows: outputGradient, units: tape.units)
        tape.record(.lookup(term), of: tokens)
    }
}
