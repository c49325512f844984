import Autograd
import Checkpoints
import Foundation
import LanguageModel

/// The reader of checkpoints, each damaged file with a sidecar that fits it, so that the digest
/// stops nothing and the structure alone is judged.
struct HDF5Target: FuzzTarget {
    static let name = "hdf5"
    let fileName = "model.h5"
    let dictionary: [[UInt8]] =
        ["OHDR", "OCHK", "TREE", "SNOD", "HEAP", "FRHP", "FHDB", "BTHD", "BTLF", "step", "format"]
        .map { Array($0.utf8) } + [
            [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [0x89, 0x48, 0x44, 0x46],
            [0, 0, 0, 0, 0, 0, 0, 0],
        ]

    func seeds() throws -> [[UInt8]] { [] }

    func repaired(_ bytes: [UInt8]) -> [UInt8] { HDF5Checksums.repaired(bytes) }

    func run(folder: String, bytes: [UInt8]) throws -> String {
        let path = folder + "/" + fileName
        let sidecar = try "\(FileDigest(of: path))  \(fileName)\n"
        try Data(sidecar.utf8).write(to: URL(filePath: FileDigest.sidecarPath(of: path)))
        let reader = try CheckpointReader(path: path)
        let parameters = DecoderParameters(zeros: reader.header.configuration)
        try reader.read(.parameters, into: parameters.values, layout: parameters.layout)
        return "accepted"
    }
}
