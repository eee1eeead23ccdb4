extension ResourceRequests {
    /// Returns the requests with what is known of them in the run.
    ///
    /// - Parameter lookup: Returns the values of variables.
    func resolved(
        _ lookup: @escaping (ExpressionReference) -> ExpressionLookup
    ) throws(ValueError) -> ResourceRequests {
        var result = self
        for (position, (name, request)) in values.enumerated() {
            guard let open = request.open else { continue }
            let path = ParameterPath("resources", name)
            var resolver = ValueResolver(at: path, lookup)
            let value = try resolver.resolve(open)
            guard let amounts = Self.amounts(value) else {
                throw ValueError(.wrongAmount(value.description), at: path)
            }
            result.values.values[position] = ResourceRequest(byAttempt: amounts)
        }
        return result
    }
}
