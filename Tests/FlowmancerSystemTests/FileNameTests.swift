import FlowmancerSystem
import Testing

@Suite struct FileNameTests {
    @Test(arguments: [
        ("plain-name_1", "plain-name_1"), ("with blank", "with blank"), ("a/b", "a%2Fb"), ("../x", "%2E.%2Fx"),
        ("..", "%2E."), (".", "%2E"), ("a.b", "a.b"), ("50%", "50%25"), ("a%2Fb", "a%252Fb"), ("", "%"),
        ("a\nb\u{0}", "a%0Ab%00"), ("\u{85}", "%C2%85"), ("größe", "größe"), ("/etc/passwd", "%2Fetc%2Fpasswd"),
    ])
    func unsafePartsAreEncoded(_ name: String, _ expected: String) {
        #expect(FileName.encode(name) == expected)
    }

    @Test(arguments: ["x", "é", "/", "日", "👩‍👩‍👧"])
    func longNamesAreCutAndStayDifferent(_ piece: String) {
        let base = String(repeating: piece, count: 300)
        let names = [base, base + "1", base + "2", base + piece].map(FileName.encode)
        #expect(Set(names).count == 4)
        for name in names {
            #expect(name.utf8.count <= FileName.maximumLength)
            #expect(name.contains("%~"))
            #expect(!name.contains("/"))
            #expect(!name.contains("\u{FFFD}"))
        }
    }

    @Test func aNameOfExactlyTheLimitIsKept() {
        let name = String(repeating: "x", count: FileName.maximumLength)
        #expect(FileName.encode(name) == name)
        #expect(FileName.encode(name + "x") != name + "x")
    }
}
