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

    /// The task or group whose output a variable is, as a task or group of the run sees it.
    package func source(of reference: ExpressionReference, for node: Int) -> Int? {
        guard let structure else {
            return reference.outputName.flatMap { job.tasks.index(forKey: $0.task) }
        }
        return structure.scopes.source(of: reference, from: definition(of: node)).flatMap {
            self.node(of: $0.task, seenFrom: node)
        }
    }

    /// The task or group whose state is asked for by `$STATE{task}`.
    package func node(askedForBy reference: ExpressionReference, for node: Int) -> Int? {
        guard let structure else { return job.tasks.index(forKey: reference.name) }
        return structure.scopes.definition(of: reference, from: definition(of: node)).flatMap {
            self.node(of: $0, seenFrom: node)
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
}
