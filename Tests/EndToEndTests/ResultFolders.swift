/// Result folders as other tools leave them, written into a workspace: every file that their runs
/// write beside the texts, un-noised votes included.
enum ResultFolders {
    /// A word that stands only in files and columns of votes without noise.
    static let secretVote = "31415926"

    /// aug-pe of Xie and others, 2024: `<t>/samples.csv` of kept texts, `<t>_all/`, `-1/`, votes by class.
    static func augPE(_ rows: [String], in workspace: Workspace) throws -> String {
        let folder = "result/yelp/gpt2_minilm/300_n1_L3_initL3_var0_style_rank_len64var0_t1.0"
        let header = "text,label1,label2\n"
        for (name, kept) in [("-1", rows), ("0", Array(rows.reversed())), ("2", rows)] {
            try workspace.write(
                header + kept.joined(separator: "\n") + "\n",
                to: "\(folder)/\(name)/samples.csv"
            )
        }
        try workspace.write(header + "candidate,x,y\n", to: "\(folder)/2_all/samples.csv")
        try workspace.write(
            "type,count\ncount,\"[1.5, 2.5]\"\nclean_count,\"[\(secretVote), 2]\"\n",
            to: "\(folder)/2/count_class/billing.csv"
        )
        try workspace.write(
            #"{"prompt": "Write", "generation": "candidate"}"# + "\n",
            to: "\(folder)/2/prompt_generation.jsonl"
        )
        try workspace.write("0 0.41 0 0 0\n2 0.32 0 0 0\n", to: "\(folder)/fid.csv")
        try workspace.write("target,gen,diff\n12,11,-1\n", to: "\(folder)/2/num_word_lookahead.csv")
        try workspace.write("clean_count \(secretVote)\n", to: "\(folder)/log.log")
        return workspace.path(folder)
    }

    /// The Private Evolution library of Lin and others, 2024: `synthetic_text/%09d.csv`, pickles with votes.
    static func evolutionLibrary(_ rows: [String], in workspace: Workspace) throws -> String {
        let folder = "results/text/yelp"
        for iteration in 0...1 {
            try workspace.write(
                "text,topic,sentiment\n" + rows.joined(separator: "\n") + "\n",
                to: "\(folder)/synthetic_text/00000000\(iteration).csv"
            )
        }
        try workspace.write(
            "PE.CLEAN_HISTOGRAM \(secretVote)",
            to: "\(folder)/checkpoint/data_frame.pkl"
        )
        try workspace.write("iteration: 1\n", to: "\(folder)/checkpoint/metadata.yaml")
        try workspace.write("0,0.51000000\n1,0.47000000\n", to: "\(folder)/fid_minilm.csv")
        try workspace.write(
            "DP epsilon=1.0, delta=1e-05, noise_multiplier=4.1, num_iterations=1\n",
            to: "\(folder)/log.txt"
        )
        return workspace.path(folder)
    }

    /// dp-transformers of Yue and others, 2023: the text first whatever the header says.
    static func generations(_ rows: [String], in workspace: Workspace) throws -> String {
        try workspace.write(
            "topic,sentiment,text\n" + rows.joined(separator: "\n") + "\n",
            to: "64.generations.csv"
        )
    }
}
