import Autograd
import Foundation
import Kernels
import LanguageModel
import Testing

@testable import Checkpoints

/// Files that h5py made (Fixtures/make_hostile_hdf5.py), each given a matching digest, so that the
/// schema alone stands between them and a value.
@Suite struct HostileHDF5Tests {
    private func open(_ name: String) throws -> CheckpointReader {
        let folder = try TemporaryFolder()
        let bytes = try TemporaryFolder.bytes(
            TemporaryFolder.fixture("HostileHDF5/\(name).h5")
        )
        let path = try folder.write(bytes, to: "model.h5")
        _ = try folder.write(FileDigest(of: path).sidecar(for: path), to: "model.h5.sha256")
        return try CheckpointReader(path: path)
    }

    @Test func acceptsAFileOfTheSchemaWrittenByH5py() throws {
        let reader = try open("good")
        #expect(reader.header.step == 7)
        let parameters = DecoderParameters(zeros: reader.header.configuration)
        try reader.read(.parameters, into: parameters.values, layout: parameters.layout)
        let last = try #require(parameters.layout["ln_f.bias"])
        #expect(parameters.values.values(last.range) == [15, 15, 15, 15])
    }

    @Test(arguments: [
        ("superblock_0", "superblock has version 0"),
        ("user_block", "does not begin with HDF5's signature"),
        ("external_storage", "values lie in another file"),
        ("virtual_dataset", "not contiguous"),
        ("soft_link", "not a hard link"),
        ("external_link", "not a hard link"),
        ("two_hard_links", "2 links"),
        ("cycle", "parameters/loop: it is not a dataset"),
        ("chunked", "not contiguous"),
        ("gzip_filter", "not contiguous"),
        ("compact", "not contiguous"),
        ("float64", "not little-endian 32-bit floats"),
        ("big_endian", "not little-endian 32-bit floats"),
        ("compound", "not little-endian 32-bit floats"),
        ("variable_length", "not little-endian 32-bit floats"),
        ("reference", "not little-endian 32-bit floats"),
        ("named_type", "parameters/kind: it is not a dataset"),
        ("unknown_dataset", "17 tensors instead of 16"),
        ("unknown_group", "unknown group cuckoo"),
        ("nested_group", "parameters/deep: it is not a dataset"),
        ("missing_dataset", "parameters has no ln_f.bias"),
        ("wrong_shape", "the shape [4, 1] instead of [4]"),
        ("scalar", "not simple"),
        ("shape_bomb", "not stored whole"),
        ("dataset_attribute", "it has attributes"),
        ("variable_text_attribute", "neither an integer nor a short text"),
        ("array_attribute", "not a single plain value"),
        ("extra_attribute", "attributes are not those of a checkpoint"),
        ("negative_step", "step is not a number"),
        ("terminal_name", "?[2J: an unexpected name"),
        ("writer_flags", "unusual sizes or flags"),
        ("end_address", "superblock does not fit"),
        ("corrupt_root", "checksum of its superblock is wrong"),
    ])
    func refusesEverythingElse(name: String, message: String) throws {
        let error = #expect(throws: CheckpointError.self) { _ = try open(name) }
        guard case .hdf5(_, let problem)? = error else {
            Issue.record("\(name): \(String(describing: error))")
            return
        }
        #expect(problem.contains(message))
    }
}
