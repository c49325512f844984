import Kernels
import LanguageModel
import SeededRandomness

/// Lloyd's k-means, best of several random starts.
///
/// Starts from distinct points drawn at random; a cluster that loses all its points takes over half
/// of a large one. Ends when the summed squared distance falls by less than 0.01 % in a step.
/// The same seed gives the same clusters on any number of threads.
struct KMeans {
    /// The cluster of each point, [count].
    let assignments: [Int]
    /// The sum of squared distances to the nearest centre.
    let inertia: Double

    init(
        _ points: Embeddings,
        clusterCount: Int,
        restarts: Int = 5,
        maximumIterations: Int = 500,
        using generator: inout SplitMix64,
        parallel: ParallelFor
    ) {
        var best: (assignments: [Int], inertia: Double)?
        for _ in 0..<max(restarts, 1) {
            let result = Self.run(
                points,
                clusterCount: min(clusterCount, points.count),
                maximumIterations: maximumIterations,
                using: &generator,
                parallel: parallel
            )
            if best.map({ result.inertia < $0.inertia }) ?? true { best = result }
        }
        assignments = best?.assignments ?? []
        inertia = best?.inertia ?? 0
    }

    private static func run(
        _ points: Embeddings,
        clusterCount: Int,
        maximumIterations: Int,
        using generator: inout SplitMix64,
        parallel: ParallelFor
    ) -> (assignments: [Int], inertia: Double) {
        let order = (0..<points.count).shuffled(using: &generator)
        var centres = points.selecting(Array(order.prefix(clusterCount)))
        var (assignments, inertia) = assign(points, to: centres, parallel: parallel)
        for _ in 0..<maximumIterations {
            centres = means(of: points, assignments, count: clusterCount, using: &generator)
            let next = assign(points, to: centres, parallel: parallel)
            let isDone = next.assignments == assignments || next.inertia > inertia * (1 - 1e-4)
            (assignments, inertia) = next
            if isDone { break }
        }
        return (assignments, inertia)
    }

    private static func assign(
        _ points: Embeddings,
        to centres: Embeddings,
        parallel: ParallelFor
    ) -> (assignments: [Int], inertia: Double) {
        let nearest = NearestNeighbors(among: centres).nearest(to: points, parallel: parallel)
        return (
            nearest.map { $0?.index ?? 0 }, nearest.reduce(0) { $0 + ($1?.squaredDistance ?? 0) }
        )
    }

    private static func means(
        of points: Embeddings,
        _ assignments: [Int],
        count: Int,
        using generator: inout SplitMix64
    ) -> Embeddings {
        let dimension = points.dimension
        var sums = [Float](repeating: 0, count: count * dimension)
        var sizes = [Int](repeating: 0, count: count)
        for (index, cluster) in assignments.enumerated() {
            sizes[cluster] += 1
            let vector = points.row(index)
            for column in 0..<dimension { sums[cluster * dimension + column] += vector[column] }
        }
        for cluster in 0..<count where sizes[cluster] > 0 {
            let scale = 1 / Float(sizes[cluster])
            for column in 0..<dimension { sums[cluster * dimension + column] *= scale }
        }
        for cluster in 0..<count where sizes[cluster] == 0 {
            split(into: cluster, &sums, &sizes, dimension: dimension, using: &generator)
        }
        return Embeddings(values: FloatBuffer(sums), count: count, dimension: dimension)
    }

    /// Gives an empty cluster a centre just beside that of a cluster drawn by its spare points.
    private static func split(
        into empty: Int,
        _ sums: inout [Float],
        _ sizes: inout [Int],
        dimension: Int,
        using generator: inout SplitMix64
    ) {
        let spare = sizes.reduce(0) { $0 + max($1 - 1, 0) }
        guard spare > 0 else { return }
        var draw = Int.random(in: 0..<spare, using: &generator)
        guard
            let source = sizes.firstIndex(where: { size in
                draw -= max(size - 1, 0)
                return draw < 0
            })
        else { return }
        for column in 0..<dimension {
            let value = sums[source * dimension + column]
            let shift: Float = column % 2 == 0 ? 1 / 1024 : -1 / 1024
            sums[empty * dimension + column] = value * (1 + shift)
            sums[source * dimension + column] = value * (1 - shift)
        }
        sizes[empty] = sizes[source] / 2
        sizes[source] -= sizes[empty]
    }
}
