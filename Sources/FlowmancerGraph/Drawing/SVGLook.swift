/// Where a picture of a graph has its colours from.
package enum SVGLook: Sendable {
    /// From itself: it is a file of its own.
    case file
    /// From the style sheet of the page that it is part of. There is a mark for each node.
    case page([Mark])

    /// What a page shows at a node.
    package struct Mark: Sendable, Hashable {
        /// The class that the style sheet gives a colour to.
        package var name: String
        /// What is written before the name: the colour must not be the only sign.
        package var symbol: String

        package init(name: String, symbol: String) {
            self.name = name
            self.symbol = symbol
        }
    }

    /// How a node is painted: attributes of its elements.
    struct Paint {
        /// What is written before the name.
        var symbol = ""
        var shape: String
        var name: String
        var detail: String
    }

    func paint(of node: Int, _ kind: JobGraph.Node.Kind) -> Paint {
        switch self {
        case .file:
            Paint(
                shape: kind.isBox ? "fill=\"#f7f9fc\" stroke=\"#b6c2d4\"" : "fill=\"#eef3fb\" stroke=\"#4a6da7\"",
                name: "fill=\"#1c2733\"",
                detail: "fill=\"#5b6877\""
            )
        case .page(let marks):
            Paint(
                symbol: marks[node].symbol + " ",
                shape: "class=\"\(kind.isBox ? "box " : "")\(marks[node].name)\"",
                name: "class=\"name\"",
                detail: "class=\"detail\""
            )
        }
    }

    /// The attributes of the picture.
    var attributes: String {
        switch self {
        case .file: "font-family=\"Helvetica, Arial, sans-serif\" text-anchor=\"middle\""
        case .page: "class=\"graph\" role=\"img\" text-anchor=\"middle\""
        }
    }

    var background: String {
        switch self {
        case .file: "\n<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
        case .page: ""
        }
    }

    /// The beginning of the group of all edges.
    var edges: String {
        switch self {
        case .file: "<g fill=\"none\" stroke=\"#8a94a3\" stroke-width=\"1.2\">"
        case .page: "<g class=\"edges\">"
        }
    }

    /// The attributes of the head of an edge.
    var arrow: String {
        switch self {
        case .file: "fill=\"#8a94a3\""
        case .page: "class=\"arrow\""
        }
    }
}
