import Flowmancer
import Foundation

struct JSONCheckpointer: FlowCheckpointer {
    @Parameter var folder: String

    private func file(_ name: String) -> URL {
        let signs = CharacterSet.alphanumerics.union(CharacterSet(charactersIn: "-_"))
        let encoded = name.addingPercentEncoding(withAllowedCharacters: signs) ?? ""
        return URL(filePath: folder).appending(path: "\(encoded).json")
    }

    func writeCheckpoint(_ contents: CheckpointContents, for name: String) async throws {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try JSONEncoder().encode(contents).write(to: file(name), options: .atomic)
    }

    func readCheckpoint(for name: String) async throws -> CheckpointContents {
        guard let data = FileManager.default.contents(atPath: file(name).path) else {
            throw NoCheckpointAvailableError(name)
        }
        return try JSONDecoder().decode(CheckpointContents.self, from: data)
    }

    func clearCheckpoint(for name: String) async throws {
        guard FileManager.default.fileExists(atPath: file(name).path) else { return }
        try FileManager.default.removeItem(at: file(name))
    }
}
