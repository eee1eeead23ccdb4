package import OrderedCollections

/// Why no items were found.
struct MissingItems: Error {
    /// In words.
    let reason: String
}

extension TaskRoster {
    /// Finds the items of a group that are known only in the run.
    ///
    /// - Parameter lookup: Returns the values of variables.
    /// - Returns: The items, and the value that they were made of.
    func findItems(
        of group: Int,
        _ lookup: (ExpressionReference) -> ExpressionLookup
    ) -> Result<(items: ItemList, value: ParameterValue), MissingItems> {
        guard let forEach = task(group).forEach else { preconditionFailure("only a group has items") }
        return withoutActuallyEscaping(lookup) { lookup in
            do throws(ValueError) {
                var resolver = ValueResolver(lookup)
                let value = try resolver.resolve(forEach.items)
                return Result { () throws(ItemsError) in (try ItemList.items(of: value, key: forEach.key), value) }
                    .mapError { MissingItems(reason: "its items cannot be used: \($0.wording)") }
            } catch {
                return .failure(MissingItems(reason: "its items are not known: \(error.problem.wording)"))
            }
        }
    }

    // MARK: Variables

    /// The task or group whose output a variable is.
    package struct Source {
        package let node: Int
        /// The way from each member of a group to the task whose outputs are meant, if it is none of the members.
        fileprivate var way: ArraySlice<Int> = []
        fileprivate var keys: [Int: String] = [:]
    }

    /// The task or group whose output a variable is, as a task or group of the run sees it.
    package func source(of reference: ExpressionReference, for node: Int) -> Source? {
        guard let structure else {
            return reference.outputName.flatMap { job.tasks.index(forKey: $0.task) }.map { Source(node: $0) }
        }
        let (reader, scopes) = (definition(of: node), structure.scopes)
        guard let (place, outer) = scopes.source(of: reference, from: reader) else { return nil }
        let awaited = scopes.awaited(place, from: outer)
        guard let found = self.node(of: awaited, seenFrom: node) else { return nil }
        let chain = structure.chain(to: place.task)
        let way = chain.firstIndex(of: awaited.task).map { chain[($0 + 1)...] } ?? []
        return Source(node: found, way: way, keys: place.keys)
    }

    /// For each member of a group what is meant in it.
    func members(of source: Source) -> [Source?] {
        guard let structure else { return [] }
        return members(of: source.node).map { member in
            var (node, way) = (member, source.way)
            // As far as to the next group of which all items are meant.
            while let step = way.first, role(of: node) != .list {
                guard let next = table.descend(from: node, along: [step], source.keys, structure) else { return nil }
                node = next
                way.removeFirst()
            }
            return Source(node: node, way: way, keys: source.keys)
        }
    }

    /// The task or group whose state is asked for by `$STATE{task}`.
    package func node(askedForBy reference: ExpressionReference, for node: Int) -> Int? {
        guard let structure else { return job.tasks.index(forKey: reference.name) }
        let (reader, scopes) = (definition(of: node), structure.scopes)
        return scopes.place(of: reference, from: reader).flatMap {
            self.node(of: scopes.awaited($0, from: reader), seenFrom: node)
        }
    }

    /// The item, or the field of it, that a variable is.
    package func lookup(item reference: ExpressionReference, for node: Int) -> ExpressionLookup {
        var node = node
        // A variable of a job within the job was written beside that one.
        for _ in 0..<reference.level {
            while let outer = group(of: node), role(of: outer) == .list { node = outer }
            guard let outer = group(of: node) else { break }
            node = outer
        }
        return item(of: node).map(reference.lookup) ?? .missing(because: "the task runs for no item")
    }

    /// The parameters of a task with the values of their variables.
    ///
    /// - Parameters:
    ///   - bindings: The values that the task was prepared with. That none is missing was found out then.
    ///   - types: What the parameters take; `nil` if it is not known.
    ///   - keepsVariables: Whether the values stay beside the variables.
    package func parameters(
        of node: Int,
        _ bindings: RunBindings,
        types: GroupDescription?,
        keepsVariables: Bool = false
    ) -> OrderedDictionary<String, ParameterValue> {
        let parameters = task(node).parameters
        guard task(node).holdsTemplates else { return parameters }
        var resolver = ValueResolver(keepsVariables: keepsVariables) { reference in
            reference.kind == .item ? lookup(item: reference, for: node) : bindings.lookup(reference)
        }
        return (try? resolver.resolve(parameters, of: types)) ?? parameters
    }
}
