import Testing

@testable import FlowmancerPlugins

/// What a variable means at each place of a command.
@Suite struct ShellQuotingTests {
    @Test(
        arguments: [
            ("echo ", .bare), ("", .bare), ("echo \"a ", .expanded), ("echo 'a ", .literal), ("echo \"a\" ", .bare),
            ("echo 'it''s' ", .bare), ("echo \\' ", .bare), ("echo \"\\\" ", .expanded), ("echo $'a\\' ", .literal),
            ("x=$(echo ", .bare), ("x=\"$(echo ", .bare), ("x=\"$(echo \"", .expanded), ("x=\"$(echo '", .literal),
            ("x=\"$(echo) ", .expanded), ("x=`echo ", .bare), ("x=`echo` \"", .expanded), ("echo ${x:-", .bare),
            ("echo \"${x:-", .expanded), ("echo \"${x:-'", .expanded), ("echo ${x:-'", .literal), ("echo ${x} ", .bare),
            ("echo $((1 + ", .arithmetic), ("echo $(((1 + 2) * ", .arithmetic), ("echo $((1)) ", .bare),
            ("# don't\necho ", .bare), ("echo a#'", .literal), ("echo $#'", .literal), ("cat <<E\n", .expanded),
            ("cat <<E\n'", .expanded), ("cat <<'E'\n", .literal), ("cat <<\\E\n", .literal), ("cat <<E\nx\nE\n", .bare),
            ("cat <<-E\n\tx\n\tE\n", .bare), ("cat <<E\n E\n", .expanded), ("cat <<E; echo '", .literal),
            ("cat <<A <<B\na\nA\n", .expanded), ("cat <<A <<'B'\na\nA\n", .literal),
            ("cat <<A <<B\na\nA\nb\nB\n", .bare),
            ("echo ${x:", .arithmetic), ("echo ${x:1:", .arithmetic), ("echo ${x[", .arithmetic),
            ("echo ${x[1]:-", .bare),
            ("echo $[1 + ", .arithmetic), ("echo $[1] ", .bare), ("echo ${#x} ", .bare), ("echo ${x#'", .literal),
            ("echo ${x%:", .bare), ("echo \"${x:", .arithmetic), ("cat <<<x\n", .bare), ("((x = ", .arithmetic),
            ("((x = 1)); echo ", .bare), ("( (echo ", .bare), ("(cd x; echo ", .bare),
            ("(cd x) '", .literal),
        ] as [(String, ShellQuoting.Place)]
    )
    func placesAreTold(text: String, place: ShellQuoting.Place) {
        var quoting = ShellQuoting()
        quoting.read(text)
        #expect(quoting.place == place, "\(text)")
        // However it comes in pieces, unless a sign of two characters is cut.
        guard !text.contains("<<"), !text.contains("$"), !text.contains("((") else { return }
        var inPieces = ShellQuoting()
        for character in text { inPieces.read(String(character)) }
        #expect(inPieces.place == place, "\(text)")
    }
}
