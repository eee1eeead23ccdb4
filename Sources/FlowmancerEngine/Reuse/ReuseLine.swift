import FlowmancerCore
import FlowmancerSystem

/// A line of the records of a job.
///
/// It is a ``ChecksummedLine`` that has fields with tabs between them. The first field says what the line is:
/// ```
/// 91b5c9a0 H	flowmancer-reuse	1
/// 3fce3b09 B	5d0c2f6a81b3e974	report
/// 51f0c9d4 C	5d0c2f6a81b3e974	report	MyJobs.Report	(version)	(parameters)	(outputs)	1	data/a.csv	(contents)	13,1…,1…,7	0
/// ```
/// `B`: a task begins to run. `C`: it completed; the line belongs to that of the beginning with the same number. The inputs
/// follow, after their count, then the products. Of each there is the path, the SHA-256 of its contents, and its signature
/// (size, time of change, time of change of anything, inode) or `-`. Text is escaped as in JSON.
enum ReuseLine {
    static let format = "flowmancer-reuse"
    static let version = "1"

    enum Kind: UInt8 {
        case header = 0x48
        case begun = 0x42
        case completed = 0x43
    }

    // MARK: Writing

    static func appendHeader(to buffer: inout [UInt8]) {
        append(.header, to: &buffer) { $0 += "\t\(format)\t\(version)".utf8 }
    }

    static func appendBeginning(of task: String, _ number: UInt64, to buffer: inout [UInt8]) {
        append(.begun, to: &buffer) { append(number, task, to: &$0) }
    }

    static func append(_ record: ReuseRecord, of task: String, _ number: UInt64, to buffer: inout [UInt8]) {
        append(.completed, to: &buffer) { buffer in
            append(number, task, to: &buffer)
            append(record.subject.type, to: &buffer)
            buffer.append(tab)
            record.subject.version.append(to: &buffer)
            buffer.append(tab)
            record.subject.parameters.append(to: &buffer)
            append(record.outputs?.rawValue ?? "", to: &buffer)
            append(record.inputs, to: &buffer)
            append(record.products, to: &buffer)
        }
    }

    private static let tab = UInt8(ascii: "\t")

    private static func append(_ kind: Kind, to buffer: inout [UInt8], _ fields: (inout [UInt8]) -> Void) {
        ChecksummedLine.append(to: &buffer) { buffer in
            buffer.append(kind.rawValue)
            fields(&buffer)
        }
    }

    private static func append(_ number: UInt64, _ task: String, to buffer: inout [UInt8]) {
        buffer.append(tab)
        buffer += String(number, radix: 16).utf8
        append(task, to: &buffer)
    }

    private static func append(_ text: String, to buffer: inout [UInt8]) {
        buffer.append(tab)
        buffer += JSONString.escaped(text).utf8
    }

    private static func append(_ files: [RecordedFile], to buffer: inout [UInt8]) {
        buffer += "\t\(files.count)".utf8
        for file in files {
            append(file.path, to: &buffer)
            buffer.append(tab)
            file.contents.append(to: &buffer)
            buffer.append(tab)
            if let signature = file.signature {
                buffer += "\(signature.size),\(signature.modified),\(signature.changed),\(signature.inode)".utf8
            } else {
                buffer.append(UInt8(ascii: "-"))
            }
        }
    }
}

/// Takes the fields of a line apart.
struct ReuseFields {
    private var rest: ArraySlice<UInt8>
    private var isAtEnd = false

    init(_ line: ArraySlice<UInt8>) { rest = line }

    mutating func bytes() -> ArraySlice<UInt8>? {
        guard !isAtEnd else { return nil }
        let end = rest.firstIndex(of: UInt8(ascii: "\t")) ?? rest.endIndex
        defer {
            isAtEnd = end == rest.endIndex
            rest = isAtEnd ? [] : rest[(end + 1)...]
        }
        return rest[..<end]
    }

    /// What was not read yet.
    var remaining: ArraySlice<UInt8> { rest }

    mutating func text() -> String? {
        guard let bytes = bytes(), let text = String(validating: bytes, as: UTF8.self) else { return nil }
        guard bytes.contains(UInt8(ascii: "\\")) else { return text }
        guard case .string(let text) = ParameterValue(json: JSONText(rawValue: "\"\(text)\"")) else { return nil }
        return text
    }

    mutating func number() -> UInt64? {
        bytes().flatMap { UInt64(String(decoding: $0, as: UTF8.self), radix: 16) }
    }

    private mutating func digest() -> ContentDigest? { bytes().flatMap { ContentDigest(hexadecimal: $0) } }

    /// Reads what follows the name of the task.
    mutating func record() -> ReuseRecord? {
        guard let type = text(), let version = digest(), let parameters = digest(), let outputs = text(),
            let inputs = files(), let products = files(), isAtEnd
        else { return nil }
        return ReuseRecord(
            ReuseSubject(type: type, parameters: parameters, version: version),
            inputs: inputs,
            products: products,
            outputs: outputs.isEmpty ? nil : JSONText(rawValue: outputs)
        )
    }

    private mutating func files() -> [RecordedFile]? {
        guard let count = bytes().flatMap({ Int(String(decoding: $0, as: UTF8.self)) }), count >= 0 else { return nil }
        var files: [RecordedFile] = []
        for _ in 0..<count {
            guard let path = text(), let contents = digest(), let signature = bytes() else { return nil }
            files.append(RecordedFile(path, contents, Self.signature(signature)))
        }
        return files
    }

    /// A signature that cannot be read is none: the file is read.
    private static func signature(_ bytes: ArraySlice<UInt8>) -> FileSignature? {
        var numbers: [Int64] = []
        for part in bytes.split(separator: UInt8(ascii: ",")) {
            guard let number = UInt64(decimal: part) else { return nil }
            numbers.append(Int64(bitPattern: number))
        }
        guard numbers.count == 4 else { return nil }
        return FileSignature(
            size: numbers[0],
            modified: numbers[1],
            changed: numbers[2],
            inode: UInt64(bitPattern: numbers[3])
        )
    }
}

extension UInt64 {
    /// Reads digits without the detour through text: there are many of them.
    fileprivate init?(decimal digits: ArraySlice<UInt8>) {
        guard !digits.isEmpty, digits.count < 20 else { return nil }
        var value: UInt64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            value = value &* 10 &+ UInt64(digit - UInt8(ascii: "0"))
        }
        self = value
    }
}
