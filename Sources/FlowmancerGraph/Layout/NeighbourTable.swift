/// Lists of numbers by number, one behind the other in memory: they are gone through again and again.
struct NeighbourTable {
    private let starts: [Int]
    private let all: [Int]

    init(_ lists: [[Int]]) {
        var starts = [0]
        starts.reserveCapacity(lists.count + 1)
        var all: [Int] = []
        for list in lists {
            all += list
            starts.append(all.count)
        }
        self.starts = starts
        self.all = all
    }

    subscript(number: Int) -> ArraySlice<Int> { all[starts[number]..<starts[number + 1]] }
}
