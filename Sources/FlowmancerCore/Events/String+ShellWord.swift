extension String {
    /// The text as a word of a POSIX shell: between single quotes, if the shell would take it for something else.
    package var shellWord: String {
        let isPlain =
            !isEmpty
            && unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".", "/", ",", ":", "+", "@", "%": true
                default: false
                }
            }
        return isPlain ? self : "'\(replacingScalars { $0 == "'" ? #"'\''"# : nil })'"
    }
}
