package import OrderedCollections

/// A type of plug-ins that may print data for another program to the standard output, where nothing else must come then.
package protocol DataPrintingPlugin: PluginLifecycle {
    /// Returns whether a plug-in with these parameters does.
    static func printsData(with parameters: OrderedDictionary<String, ParameterValue>) -> Bool
}
