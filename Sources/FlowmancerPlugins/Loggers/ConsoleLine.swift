package import FlowmancerCore
import FlowmancerSystem
package import FlowmancerTerminal

/// The form of a line of a task on a console: `fetch │ ERROR no such host`.
package struct ConsoleLine: Sendable {
    /// The names of tasks are brought to one length if they are not longer than this.
    private static let widestColumn = 24

    private let style: TerminalStyle
    private let column: Int
    private let showsTime: Bool

    /// - Parameters:
    ///   - tasks: The names of all tasks of the job.
    ///   - showsTime: Whether lines begin with the time.
    package init(style: TerminalStyle, tasks: [String], showsTime: Bool = false) {
        self.style = style
        self.showsTime = showsTime
        column = tasks.reduce(0) { widest, name in
            let width = DisplayWidth.of(name.printable)
            return width <= Self.widestColumn ? max(widest, width) : widest
        }
    }

    /// Returns the lines of an event; `nil` if there is nothing to show.
    ///
    /// Control characters are shown as such: what a task writes cannot act on the terminal. Of a line that replaces itself
    /// with carriage returns, the last state is shown.
    package func text(of event: TaskLogEvent) -> String? {
        guard event.kind == .line else { return nil }
        let prefix = time(of: event) + name(of: event) + style.paint(style.isUnicode ? " │ " : " | ", .faint)
        let mark = event.severity == .info ? "" : "\(event.severity.rawValue) "
        let text = event.message + LogLine.text(of: event.metadata)
        return text.finalLines.map { prefix + paint("\(mark)\($0.printableLines)", event.severity) }
            .joined(separator: "\n")
    }

    private func name(of event: TaskLogEvent) -> String {
        let name = event.taskName.printable
        let padding = String(repeating: " ", count: max(0, column - DisplayWidth.of(name)))
        return style.paint(name, as: event.taskName) + padding
    }

    private func time(of event: TaskLogEvent) -> String {
        guard showsTime else { return "" }
        let time = LocalTime(secondsSince1970: TimestampWriter.split(event.timestamp).seconds).time
        return style.paint(time, .faint) + " "
    }

    private func paint(_ text: String, _ severity: Severity) -> String {
        switch severity {
        case .debug: style.paint(text, .faint)
        case .info: text
        case .warning: style.paint(text, .warning)
        case .error, .critical: style.paint(text, .bad)
        }
    }
}
