import Autograd
import Checkpoints
import Corpus
import DifferentialPrivacy
import Foundation
import LanguageModel
import PrivateEvolution
import PrivatePrediction
import PrivateTraining

/// What `inspect` says about weights: facts in the order in which they are shown.
struct ModelDescription {
    private var facts: [(label: String, member: JSONValue.Member)] = []
    /// What a finished training's texts are worth; nil for anything else.
    private var verdict: VerdictText?

    var json: JSONValue {
        .object(
            facts.map(\.member) + (verdict.map { [.init(key: "verdict", value: $0.json)] } ?? [])
        )
    }

    var lines: [String] {
        factLines + (verdict?.lines ?? [])
    }

    private var factLines: [String] {
        facts.map { fact in
            let value: String
            if case .string(let text) = fact.member.value {
                value = text
            } else {
                value = fact.member.value.description
            }
            return fact.label.padding(toLength: 20, withPad: " ", startingAt: 0) + value
        }
    }

    /// Describes a safetensors file; its header is checked, its weights are not read.
    init(safetensors path: String) throws {
        let reader = try SafetensorsReader(path: path)
        let tensors = reader.header.tensors
        add("file", "file", .string(path))
        add("tensors", "tensors", .integer(tensors.count))
        add("numbers", "numbers", .integer(tensors.reduce(0) { $0 + $1.count }))
        let types = Set(tensors.map(\.elementType.rawValue)).sorted().joined(separator: ", ")
        add("stored as", "types", .string(types))
    }

    /// Describes a checkpoint; its digest is checked first.
    init(checkpoint path: String) throws {
        let reader = try CheckpointReader(path: path)
        add("file", "file", .string(path))
        add("step", "step", .integer(reader.header.step))
        add("written by", "product_version", .string(reader.header.productVersion))
        let sections = reader.sections.map(\.rawValue).sorted().joined(separator: ", ")
        add("holds", "sections", .string(sections))
        add(reader.header.configuration)
    }

    /// Describes a model folder or a run; weights are read and checked.
    init(folder path: String) throws {
        let model = try OpenedModel(folder: path)
        add("folder", "folder", .string(path))
        let newest = try CheckpointReader.checkpoints(in: path).map(\.step).max()
        if let origin = model.provenance { add(origin) }
        if let run = try RunDescription.read(from: path, checkedBy: .allRuns) {
            add(run, stepsDone: newest ?? 0)
        }
        add(model.parameters.configuration)
        add("parameters", "parameters", .integer(model.parameters.layout.parameterCount))
        add("tokens", "tokens", .integer(model.tokenizer.vocabularySize))
        if let newest { add("newest step", "step", .integer(newest)) }
        verdict = try Self.verdict(onRunIn: path, newest: newest)
    }

    private static func verdict(onRunIn folder: String, newest: Int?) throws -> VerdictText? {
        guard let newest, let run = try RunDescription.read(from: folder, checkedBy: .allRuns),
            try RunFolder(path: folder).record(checkedBy: .allRuns)?.isFinished == true
        else { return nil }
        return VerdictText(of: run, in: folder, step: newest)
    }

    /// Describes a run of `evolve`, which holds texts and votes instead of weights.
    init(evolution plan: EvolutionPlan, in folder: String) throws {
        add("folder", "folder", .string(folder))
        add("method", "method", .string(RunMethod.evolve.rawValue))
        add("iterations", "iterations", .integer(plan.settings.iterations))
        let done = try EvolutionFolder(path: folder).iterationsVoted()
        add("voted on", "iterations_done", .integer(done))
        add("texts", "count", .integer(plan.settings.count))
        add("classes", "classes", .integer(plan.settings.classes.count))
        addSettings(plan.settings)
        try addSpending(in: folder, under: plan.budget)
        add("noise multiplier", "noise_multiplier", .number(plan.noiseMultiplier))
    }

    /// Describes a run of `fewshot`, which holds texts.
    init(prediction plan: PredictionPlan, in folder: String) throws {
        add("folder", "folder", .string(folder))
        add("method", "method", .string(RunMethod.fewshot.rawValue))
        add("rule", "rule", .string(plan.settings.rule.rawValue))
        add("texts", "count", .integer(plan.settings.count))
        let done = try PredictionFolder(path: folder).textsDone()
        add("texts written", "texts_done", .integer(done))
        add("tokens of a text", "tokens", .integer(plan.settings.maximumNewTokens))
        add("prompts", "prompts", .integer(plan.settings.prompts))
        add("records per prompt", "records_per_prompt", .integer(plan.settings.recordsPerPrompt))
        add("classes", "classes", .integer(plan.settings.classCount))
        try addSpending(in: folder, under: plan.budget)
        let clipping = plan.exponentialMechanism?.clipping
        add("clipping", "clipping", clipping.map { .number($0) } ?? .null)
        add(
            "noise multiplier",
            "noise_multiplier",
            plan.noiseMultiplier.map { .number($0) } ?? .null
        )
    }

    private mutating func addSpending(in folder: String, under budget: PrivacyBudget) throws {
        if let record = try RunFolder(path: folder).record(checkedBy: .allRuns) {
            let spent = record.spending.count == 0 ? 0 : try record.guarantee()?.epsilon
            add("finished", "finished", .bool(record.isFinished))
            add("epsilon spent", "epsilon", .number(spent ?? .infinity))
        }
        add("target epsilon", "target_epsilon", .number(budget.epsilon))
        add("delta", "delta", budget.delta.map { .number($0) } ?? .null)
    }

    private mutating func addSettings(_ settings: EvolutionSettings) {
        add("variations", "variations", .integer(settings.variations))
        add("look-ahead", "lookahead", .integer(settings.lookahead))
        add("neighbors", "neighbors", .integer(settings.neighborCount))
        let parents = EvolutionOptions.Parents(settings.parents)
        add("parents", "parents", .string(parents.rawValue))
        add("selection", "selection", .string(settings.selection.rawValue))
        add("count threshold", "count_threshold", .number(settings.threshold))
        let degrees = [settings.degrees.first, settings.degrees.last]
        add("variation degrees", "variation_degrees", .array(degrees.map { .number($0) }))
        if let temperature = settings.temperature {
            add("temperature", "temperature", .number(temperature))
        }
    }

    /// What weights from a private corpus cost; before a run's end, what was spent and what all its
    /// steps promise.
    private mutating func add(_ origin: Provenance) {
        add("method", "method", .string(origin.method.rawValue))
        add("private", "private", .bool(origin.isPrivate))
        add("finished", "finished", .bool(origin.isFinished))
        let spent = origin.progress?.spent ?? origin.guarantee
        add("epsilon spent", "epsilon", .number(spent.epsilon))
        if !origin.isFinished {
            add("epsilon planned", "planned_epsilon", .number(origin.guarantee.epsilon))
        }
        let isPromised = origin.guarantee.epsilon.isFinite
        add("delta", "delta", isPromised ? .number(origin.guarantee.delta) : .null)
    }

    /// What a run of `finetune` was begun with, and how far it is.
    private mutating func add(_ run: RunDescription, stepsDone: Int) {
        add("target epsilon", "target_epsilon", .number(run.plan.budget.epsilon))
        add("noise multiplier", "noise_multiplier", .number(run.plan.noiseMultiplier))
        add("LoRA rank", "lora_rank", run.settings.loraRank.map { .integer($0) } ?? .null)
        add("steps planned", "steps", .integer(run.plan.schedule.steps))
        add("steps done", "steps_done", .integer(stepsDone))
    }

    private mutating func add(_ configuration: DecoderConfiguration) {
        add("layers", "layers", .integer(configuration.layerCount))
        add("heads", "heads", .integer(configuration.headCount))
        add("width", "width", .integer(configuration.width))
        add("vocabulary", "vocab_size", .integer(configuration.vocabularySize))
        add("context", "context_length", .integer(configuration.contextLength))
    }

    private mutating func add(_ label: String, _ key: String, _ value: JSONValue) {
        facts.append((label, .init(key: key, value: value)))
    }
}
