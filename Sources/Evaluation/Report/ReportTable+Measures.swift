/// What a table, the curves and the summary tell of a line.
extension ReportTable.Column {
    /// For a drawing of its own; the table's column may have a shorter title.
    static func accuracy(of column: String) -> Self {
        Self(title: "Accuracy of \(column)", better: .higher, decimals: 3) {
            $0.judgedAccuracy[column]
        }
    }

    static var mauve: Self { Self(title: "MAUVE", better: .higher, decimals: 3, value: \.mauve) }
    static var fid: Self { Self(title: "FID", better: .lower, decimals: 3, value: \.fid) }
    static var precision: Self {
        Self(title: "Precision", better: .higher, decimals: 3, value: \.precision)
    }
    static var recall: Self { Self(title: "Recall", better: .higher, decimals: 3, value: \.recall) }
    /// Precision and recall together.
    static var coverage: Self {
        Self(title: "k\u{2011}NN F1", better: .higher, decimals: 3, value: \.f1)
    }

    /// Each aspect of likeness by itself.
    static var likeness: [Self] { [.mauve, .fid, .precision, .recall] }

    /// What the measure can be at most: what is better when it is higher is a share.
    var most: Double { better == .higher ? 1 : .infinity }

    /// The title within a sentence.
    var name: String { title == title.uppercased() ? title : title.lowercased() }
}
