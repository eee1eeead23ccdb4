/// The spellings by which a job file may name a Swift property.
package enum ParameterKey {
    /// Returns the snake_case spelling of a property's name: `myURLPath` becomes `my_url_path`.
    package static func snakeCase(_ name: String) -> String {
        let letters = Array(name)
        var result = ""
        for (index, letter) in letters.enumerated() {
            if letter.isUppercase, index > 0, letters[index - 1] != "_" {
                let followsLowercase = !letters[index - 1].isUppercase
                let precedesLowercase = index + 1 < letters.count && letters[index + 1].isLowercase
                if followsLowercase || precedesLowercase { result += "_" }
            }
            result += letter.lowercased()
        }
        return result
    }
}
