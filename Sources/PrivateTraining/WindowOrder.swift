import DifferentialPrivacy

/// The order in which public training draws its windows: a shuffle for each epoch.
struct WindowOrder {
    private let count: Int
    private var shuffled: [Int] = []
    /// Passes that are complete.
    private(set) var epoch: Int
    /// Windows drawn in the present pass.
    private(set) var position: Int

    /// Continues after `position` windows of pass `epoch`.
    init(count: Int, epoch: Int = 0, position: Int = 0) {
        precondition(count > 0, "an order of \(count) windows")
        self.count = count
        self.epoch = epoch
        self.position = position
        shuffle()
    }

    /// The next window, from a new shuffle when a pass is complete.
    mutating func next() -> Int {
        if position >= count {
            epoch += 1
            position = 0
            shuffle()
        }
        defer { position += 1 }
        return shuffled[position]
    }

    private mutating func shuffle() {
        let secret = RunSecret.insecure(seed: UInt64(epoch))
        let key = StepKey(
            secret: secret,
            inputs: StepInputs(
                runIdentifier: "public",
                label: "window order",
                domain: "window order"
            )
        )
        var generator = KeyStreamGenerator(key.stream(for: .sampling))
        shuffled = Array(0..<count).shuffled(using: &generator)
    }
}
