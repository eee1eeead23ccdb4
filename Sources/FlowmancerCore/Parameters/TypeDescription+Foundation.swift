import FoundationEssentials

extension URL: DescribedParameter {
    static var typeDescription: TypeDescription { .url }
}

extension Date: DescribedParameter {
    static var typeDescription: TypeDescription { .date }
}
