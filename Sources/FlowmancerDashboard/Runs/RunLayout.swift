import FlowmancerCore
import FlowmancerGraph

/// Where the nodes of a run are drawn. A pure value.
struct RunLayout {
    /// More nodes cannot be told apart in any picture.
    static let mostNodes = 20_000

    private static let gaps = NestedLayout.Gaps(nodes: 24, rows: 36, margin: 16)
    /// The room for a name and what is said of its state.
    private static let height = 44.0
    private static let widths = 96.0...240.0
    private static let padding = 40.0
    /// Of a group that is closed, the states of its members are shown, too.
    private static let groupHeight = 58.0
    /// The heading of a group that is open.
    private static let headingHeight = 34.0
    /// What a character of a name needs on average.
    private static let characterWidth = 7.2

    /// The nodes that are shown.
    private let nodes: [Int]
    private let isBox: [Bool]
    private let layout: NestedLayout

    /// - Parameter open: The groups whose members are shown, if they themselves are.
    init(_ all: RunNodes, open: Set<Int>) throws(Problem) {
        var shown: [Int] = []
        var numbers: [Int: Int] = [:]
        var opened: Set<Int> = []
        for node in all.indices {
            if let group = all[node].group {
                guard numbers[group] != nil, open.contains(group) else { continue }
                opened.insert(group)
            }
            numbers[node] = shown.count
            shown.append(node)
        }
        guard shown.count <= Self.mostNodes else {
            throw Problem(
                .unprocessableContent,
                "a picture of \(shown.count) nodes shows nothing any more, more than \(Self.mostNodes) are not drawn; "
                    + "close groups, or use the table"
            )
        }
        let dependencies = all.dependencies()
        nodes = shown
        isBox = shown.map(opened.contains)
        layout = NestedLayout(
            boxes: shown.map { all[$0].group.flatMap { numbers[$0] } },
            edges: shown.flatMap { node in
                dependencies[node].compactMap { other in
                    numbers[other].flatMap { from in numbers[node].map { (from: from, to: $0) } }
                }
            },
            sizes: shown.map { node in
                let width = Double(min(Self.lengthOfLabel(node, all), 40)) * Self.characterWidth + Self.padding
                return NestedLayout.Size(
                    width: min(max(width, Self.widths.lowerBound), Self.widths.upperBound),
                    height: opened.contains(node)
                        ? Self.headingHeight : all[node].isGroup ? Self.groupHeight : Self.height
                )
            },
            gaps: Self.gaps
        )
    }

    /// Within its group a node is shown without the name of the group.
    private static func lengthOfLabel(_ node: Int, _ all: RunNodes) -> Int {
        let outer = all[node].group.map { all[$0].name.utf8.count } ?? 0
        return max(1, all[node].name.utf8.count - outer)
    }

    var json: JSONText {
        let (boxes, others) = (nodes.indices.filter { isBox[$0] }, nodes.indices.filter { !isBox[$0] })
        var members = JSONMembers()
        members.add("width", Int(layout.width.rounded(.up)))
        members.add("height", Int(layout.height.rounded(.up)))
        add(others, to: &members)
        var inner = JSONMembers()
        add(boxes, to: &inner)
        members.add("boxes", inner.json)
        members.tenths("segments", layout.segments.flatMap { [$0.start.x, $0.start.y, $0.end.x, $0.end.y] })
        members.add("arrows", String(layout.segments.map { $0.isLast ? "1" as Character : "0" }))
        return members.json
    }

    private func add(_ places: [Int], to members: inout JSONMembers) {
        members.add("nodes", places.map { nodes[$0] })
        members.tenths("x", places.map { layout.nodes[$0].x - layout.sizes[$0].width / 2 })
        members.tenths("y", places.map { layout.nodes[$0].y - layout.sizes[$0].height / 2 })
        members.tenths("width_of", places.map { layout.sizes[$0].width })
        members.tenths("height_of", places.map { layout.sizes[$0].height })
    }
}

extension JSONMembers {
    /// Adds lengths, to a tenth.
    fileprivate mutating func tenths(_ key: StaticString, _ lengths: [Double]) {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for length in lengths {
            if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
            let tenths = Int((length * 10).rounded())
            if tenths < 0 { bytes.append(UInt8(ascii: "-")) }
            bytes += String(tenths.magnitude / 10).utf8
            if tenths % 10 != 0 { bytes += ".\(tenths.magnitude % 10)".utf8 }
        }
        bytes.append(UInt8(ascii: "]"))
        add(key, JSONText(rawValue: String(decoding: bytes, as: UTF8.self)))
    }
}
