/// The orders and grids of the accountants in words, for manifests.
package enum AccountingMethod {
    /// What manifests state.
    package static let statement: String = {
        let orders = RDPAccountant.defaultOrders
        let range = "\(orders.first ?? 0) to \(orders.last ?? 0)"
        return
            "rdp: the best of \(orders.count) orders from \(range), converted as by Canonne, Kamath"
            + " and Steinke 2020; pld: losses discretised upwards on a grid whose interval is a power"
            + " of two, of at most \(PLDGrid.largestTransform) points, with a bound on the rounding of"
            + " the transforms added, and choices of bounded range by the worst of all adaptive"
            + " sequences of them; gaussian: exact; the smallest is stated. Every figure is an"
            + " upper bound"
    }()
}
