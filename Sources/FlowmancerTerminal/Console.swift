import Glibc
import Synchronization
package import SystemPackage

/// The place where a program talks to the person who started it.
///
/// Messages scroll; a live region stays below them and is redrawn in place. Only what goes through the console is kept
/// apart from the region, so everything that prints uses ``standard``.
package final class Console: Sendable {
    /// The console of the process.
    package static let standard = Console(
        output: ConsoleStream(descriptor: STDOUT_FILENO),
        errorOutput: ConsoleStream(descriptor: STDERR_FILENO),
        size: { TerminalSize.current(of: STDOUT_FILENO) },
        style: TerminalStyle(
            isColoured: isatty(STDOUT_FILENO) == 1 && environmentValue("NO_COLOR") == nil
                && environmentValue("TERM") ?? "dumb" != "dumb",
            isUnicode: (environmentValue("LC_ALL") ?? environmentValue("LC_CTYPE") ?? environmentValue("LANG") ?? "")
                .lowercased().replacing("-", with: "").hasSuffix("utf8")
        ),
        canRedraw: environmentValue("TERM") ?? "dumb" != "dumb"
    )

    private let output: ConsoleStream
    private let errorOutput: ConsoleStream
    private let sizeSource: @Sendable () -> TerminalSize
    /// The colours that messages on this console should have.
    package let style: TerminalStyle
    /// Whether there is a terminal on which a live region can be redrawn; without one, live regions are not shown.
    package let isRedrawable: Bool

    private let footer = Mutex<(@Sendable () -> String)?>(nil)
    private let region = Mutex(LiveRegion())
    /// Keeps error messages apart where no live region does.
    private let errors = Mutex(())
    /// How many runs send data to the output.
    private let reservations = Mutex(0)

    /// - Parameters:
    ///   - output: Where messages and the live region go.
    ///   - errorOutput: Where error messages go.
    ///   - size: Returns the present size of the terminal.
    ///   - style: The colours to use.
    ///   - canRedraw: Whether the terminal understands movements of its cursor.
    package init(
        output: ConsoleStream,
        errorOutput: ConsoleStream,
        size: @escaping @Sendable () -> TerminalSize,
        style: TerminalStyle,
        canRedraw: Bool = true
    ) {
        self.output = output
        self.errorOutput = errorOutput
        self.style = style
        sizeSource = size
        isRedrawable = output.isTerminal && canRedraw
    }

    /// The size of the terminal.
    package var size: TerminalSize { sizeSource() }

    /// Whether a live region would be shown now: not while the program runs in the background of its terminal, where it
    /// would draw over other programs.
    package var isLive: Bool { isRedrawable && output.isForeground() }

    // MARK: Messages

    /// Shows a message, above the live region if there is one.
    ///
    /// - Throws: Why nobody will see it. A pipe whose reader went away is no error.
    package func show(_ message: String) throws(ConsoleError) {
        guard reservations.withLock({ $0 == 0 }) else {
            if let reason = writeError(message) { throw ConsoleError(.errorOutput, reason) }
            return
        }
        do throws(Errno) { try printResult(message) } catch { throw ConsoleError(.output, error) }
    }

    /// Shows a message, on the error output if the output does not take it.
    package func print(_ message: String) {
        do throws(ConsoleError) {
            try show(message)
        } catch {
            if error.stream == .output { printError(message) }
        }
    }

    /// Keeps the output for ``printResult(_:)``, so that another program can read it: until ``releaseOutput()``, messages go
    /// to the error output. A terminal is read by a person, who sees all in one place as before.
    package func reserveOutput() {
        if !output.isTerminal { reservations.withLock { $0 += 1 } }
    }

    /// Ends a reservation; the last one that ends lets messages back in.
    package func releaseOutput() {
        reservations.withLock { $0 = max(0, $0 - 1) }
    }

    /// Prints a message that is what the program was called for.
    ///
    /// - Throws: The reason if the output does not take it. A pipe whose reader went away is none.
    package func printResult(_ message: String) throws(Errno) {
        let failure = region.withLock { region in
            if !region.isEmpty, !isLive { region.forget() }
            return output.write(Array("\(region.erasing)\(message)\n\(region.drawing)".utf8))
        }
        if let failure { throw failure }
    }

    /// Prints a message to the error output, above the live region if both share a terminal.
    package func printError(_ message: String) {
        _ = writeError(message)
    }

    private func writeError(_ message: String) -> Errno? {
        let bytes = Array("\(message)\n".utf8)
        // An output that nobody reads must not hold up what is said about it.
        guard isRedrawable, errorOutput.isTerminal else { return errors.withLock { _ in errorOutput.write(bytes) } }
        return region.withLock { region in
            if !region.isEmpty, !isLive { region.forget() }
            if !region.isEmpty { _ = output.write(Array(region.erasing.utf8)) }
            let failure = errorOutput.write(bytes)
            if !region.isEmpty { _ = output.write(Array(region.drawing.utf8)) }
            return failure
        }
    }

    // MARK: The live region

    /// Sets a line that is drawn below the live region whenever that is, or takes it away.
    package func setFooter(_ footer: (@Sendable () -> String)?) {
        self.footer.withLock { $0 = footer }
    }

    /// Draws the live region, in place of the one that was drawn before. In the background it is not shown, and while the
    /// size of the terminal changes it stays as it is.
    ///
    /// - Parameter lines: The lines; they are cut to the size of the terminal. Control characters other than colours
    ///   must not occur in them.
    package func setLiveRegion(_ lines: [String]) {
        guard isRedrawable else { return }
        let size = size
        region.withLock { region in
            guard isLive else { return region.forget() }
            guard output.isReady(), region.isSettled(in: size) else { return }
            let footer = lines.isEmpty ? nil : footer.withLock { $0 }?()
            let room = max(1, size.rows - (footer == nil ? 1 : 2))
            let new = (lines.prefix(room) + [footer].compactMap(\.self)).map { DisplayWidth.cut($0, to: size.columns) }
            if let picture = region.replace(with: new) { _ = output.write(Array(picture.utf8)) }
        }
    }

    /// Ends the live region: what is printed from now on comes below it.
    ///
    /// - Parameter isKept: Whether its last picture stays.
    package func endLiveRegion(isKept: Bool = true) {
        region.withLock { region in
            if !isKept, !region.isEmpty, isLive { _ = output.write(Array(region.erasing.utf8)) }
            region.forget()
        }
    }

    /// Takes the live region away while `body` stops the program; the next picture brings it back.
    package func suspend(_ body: () -> Void) {
        region.withLock { region in
            if !region.isEmpty, isLive { _ = output.write(Array(region.erasing.utf8)) }
            region.forget()
            // Still locked: nothing may be drawn in between.
            body()
        }
    }
}
