#if DEBUG
extension PrivateCorpus {
    /// The records of the units in `sample`, each a unit of its own: what a planted fault clips.
    ///
    /// - Returns: Nil if every unit is one record already.
    func split(_ sample: [Int]) -> PrivateCorpus? {
        let records = sample.flatMap { units[$0] }
        guard records.count > sample.count else { return nil }
        return PrivateCorpus(
            units: records.map { [$0] },
            recordCount: records.count,
            userCount: nil,
            droppedCount: 0,
            microBatchSize: microBatchSize
        )
    }
}
#endif
