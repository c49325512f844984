package import LanguageModel

/// The private side of an evolution: what votes.
///
/// It never leaves this target but as noisy counts.
package struct PrivateCorpus: Sendable {
    /// The records of one class.
    struct Class: Sendable {
        /// [records of the class, dimensions].
        let embeddings: Embeddings
        /// Which unit each record belongs to.
        let units: [Int32]
    }

    let classes: [Class]
    /// How many units there are: records, or users.
    let unitCount: Int

    /// Sorts embedded records by class.
    ///
    /// - Parameters:
    ///   - embeddings: [records, dimensions].
    ///   - classOfRecord: Each record's class in 0..<classCount; public values, from a fixed list.
    ///   - classCount: The number of classes, empty ones included.
    ///   - unitOfRecord: Each record's unit, numbered from 0; nil if every record is its own unit.
    package init(
        embeddings: Embeddings,
        classOfRecord: [Int],
        classCount: Int,
        unitOfRecord: [Int]? = nil
    ) {
        precondition(classOfRecord.count == embeddings.count)
        precondition(unitOfRecord == nil || unitOfRecord?.count == embeddings.count)
        let units = unitOfRecord ?? Array(0..<embeddings.count)
        var rows = [[Int]](repeating: [], count: classCount)
        for (row, index) in classOfRecord.enumerated() { rows[index].append(row) }
        classes = rows.map { rows in
            Class(
                embeddings: embeddings.selecting(rows),
                units: rows.map { Int32(units[$0]) }
            )
        }
        unitCount = (units.max() ?? -1) + 1
    }
}
