/// Which of several spellings of a key is the one that is stored.
///
/// Swift takes `é` and `e` with an accent for equal, and so does the shared dictionary; a database does not. The first
/// spelling of a key is kept.
package struct KeySpellings {
    private var known: [String: String] = [:]

    /// - Parameter keys: What is stored already.
    package init(_ keys: some Sequence<String>) {
        for key in keys { _ = stored(key) }
    }

    /// Returns the spelling to use.
    package mutating func stored(_ key: String) -> String {
        // Of a text in ASCII there is only one spelling; these are nearly all.
        guard key.utf8.contains(where: { $0 >= 0x80 }) else { return key }
        if let spelling = known[key] { return spelling }
        known[key] = key
        return key
    }

    /// Forgets a key that was removed.
    package mutating func remove(_ key: String) {
        known[key] = nil
    }
}
