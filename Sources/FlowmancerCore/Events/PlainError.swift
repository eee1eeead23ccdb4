/// An error whose words say everything: the name of its type would add nothing for a reader.
package protocol PlainError: Error, CustomStringConvertible {}
