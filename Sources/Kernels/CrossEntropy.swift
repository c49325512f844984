import CVectorMath

/// The negative log-likelihood of target tokens under rows of logits, in nats.
package enum CrossEntropy {
    /// The loss of `target` under one row of logits, [1, vocabulary].
    package static func loss(logits: Matrix, target: Int) -> Double {
        require(target, in: logits)
        return unsafe vector_math_cross_entropy(logits.base, logits.columns, target)
    }

    /// Overwrites one row of logits with (softmax − onehot(target))·weight and returns the loss.
    ///
    /// The returned loss is not weighted.
    package static func backward(logits: Matrix, target: Int, weight: Float) -> Double {
        require(target, in: logits)
        return unsafe vector_math_cross_entropy_backward(
            logits.base,
            logits.columns,
            target,
            weight
        )
    }

    private static func require(_ target: Int, in logits: Matrix) {
        logits.requireRow(of: logits.columns)
        precondition(
            target >= 0 && target < logits.columns,
            "target \(target) outside a vocabulary of \(logits.columns)"
        )
    }
}
