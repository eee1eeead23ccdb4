import Flowmancer
import FlowmancerCore
import FlowmancerSystem
import Glibc
import SystemPackage

/// A file that keeps the tokens of a server: on its first line that for everything, on the second that for looking only.
struct TokenFile {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Returns the tokens. A file that is missing is made.
    ///
    /// - Throws: ``UsageError`` if others can read the file, or it has something else.
    func tokens() throws -> AccessTokens {
        let (mode, bytes): (UInt32, [UInt8])
        do throws(Errno) {
            let file = try OwnedDescriptor(path, O_RDONLY | O_NONBLOCK)
            mode = try file.status().st_mode
            bytes = try file.read(upTo: 4_096)
        } catch .noSuchFileOrDirectory {
            return try make()
        } catch {
            throw FileError("read the tokens", path, error, setting: "--token-file")
        }
        guard mode & 0o077 == 0 else {
            throw UsageError(
                text: "others may read the tokens in \(path.printable); forbid it: chmod 600 \(path.printable)"
            )
        }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).map(String.init)
        guard lines.count == 2, let full = AccessToken(lines[0]), let readOnly = AccessToken(lines[1]),
            full.text != readOnly.text
        else {
            throw UsageError(
                text: """
                    the file of tokens \(path.printable) needs two lines with different tokens, each of at least \
                    \(AccessToken.length) letters, digits, '-' and '_'; remove it to have it made anew
                    """
            )
        }
        return AccessTokens(full: full, readOnly: readOnly)
    }

    private func make() throws -> AccessTokens {
        let tokens = AccessTokens(full: AccessToken(), readOnly: AccessToken())
        do throws(Errno) {
            let file = try OwnedDescriptor(path, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            let text = Array("\(tokens.full.text)\n\(tokens.readOnly.text)\n".utf8)
            if let failure = text.withUnsafeBytes(file.write).failure { throw failure }
        } catch {
            throw FileError("make the file of tokens", path, error, setting: "--token-file")
        }
        return tokens
    }
}
