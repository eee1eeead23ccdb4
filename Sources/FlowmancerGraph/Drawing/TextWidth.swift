/// Estimates how wide text is in a common sans-serif font.
enum TextWidth {
    /// Returns the width in pixels, rather too much than too little.
    static func of(_ text: String, size: Double) -> Double {
        text.unicodeScalars.reduce(0) { $0 + share(of: $1) } * size
    }

    /// The width of a letter, as a share of the size of the font.
    private static func share(of scalar: Unicode.Scalar) -> Double {
        switch scalar {
        case "i", "j", "l", "I", "t", "f", "r", ".", ",", ":", ";", "|", "'", "!", " ", "/", "(", ")", "[", "]": 0.36
        case "m", "w", "M", "W", "@", "%": 0.92
        case "A"..."Z", "_", "&", "+", "<", ">", "=": 0.7
        case _ where scalar.isASCII: 0.58
        case _ where scalar.value >= 0x1100: 1.05
        default: 0.65
        }
    }
}
