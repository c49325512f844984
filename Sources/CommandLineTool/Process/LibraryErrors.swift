import Checkpoints
import CompletionServer
import Corpus
import DifferentialPrivacy
import Evaluation
import Foundation
import Kernels
import LabelProbe
import LanguageModel
import Messages
import PrivacyVerification
import PrivateEvolution
import PrivatePrediction
import PrivateTraining
import Training

extension WorkingMemory.Exhausted: StatusBearing {
    var status: CommandStatus { .inputOutput }
}

extension PrivacyError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .parameter, .missingDelta, .unsupported: .badConfiguration
        case .unreachableTarget: .budgetExceeded
        case .didNotConverge, .contradictoryBounds: .internalFault
        }
    }
}

extension LedgerError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .fileFailed(_, _, let code) where code == ENOENT: .missingInput
        case .fileFailed, .unusableAfterFailure: .inputOutput
        case .alreadyExists, .hiddenName, .busy: .outputUnavailable
        case .targetExceeded, .corpusBudgetExceeded: .budgetExceeded
        case .missing, .broken, .doesNotCover, .otherDescription, .otherKey, .unusableSecret,
            .finished:
            .integrityViolated
        }
    }
}

extension RunError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .otherSettings: .badConfiguration
        case .otherCorpus, .damagedDescription: .integrityViolated
        }
    }
}

extension CorpusError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .noSuchFile, .unknownFolder: .missingInput
        case .unreadable: .inputOutput
        case .emptyFile, .missingColumn, .noUsableRecord, .otherFormat, .damagedCompression:
            .unusableData
        case .unsupportedFormat: .usage
        case .fileTooLarge, .malformedFile, .invalidLabelSet: .badConfiguration
        case .cannotWrite(_, _, let isDiskFull): isDiskFull ? .inputOutput : .outputUnavailable
        }
    }
}

extension CheckpointError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .noSuchFile: .missingInput
        case .diskFull, .inputOutput: .inputOutput
        case .exists: .outputUnavailable
        case .safetensors, .hdf5, .digest, .verification, .noCheckpoint: .integrityViolated
        case .configuration, .model, .vocabulary: .badConfiguration
        }
    }
}
extension EvaluationError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .noTexts, .labelCountMismatch: .unusableData
        case .missingTestLabels: .unusableData
        case .duplicateName: .usage
        case .noSeeds: .badConfiguration
        case .dimensionMismatch, .unusableEmbeddings: .badConfiguration
        case .eigenvaluesDidNotConverge: .internalFault
        }
    }
}

extension TrainingError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .outputExists, .cannotCreate: .outputUnavailable
        case .badConfiguration, .unfinished, .privateBase: .badConfiguration
        case .damagedRun: .integrityViolated
        case .noUsableRecord: .unusableData
        case .epsilonExceeded: .budgetExceeded
        }
    }
}

extension GenerationError: StatusBearing {
    var status: CommandStatus { .badConfiguration }
}

extension LabelProbeError: StatusBearing {
    var status: CommandStatus { .integrityViolated }
}

extension DecoderConfigurationError: StatusBearing {
    var status: CommandStatus { .badConfiguration }
}

extension ManifestError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .missing: .missingInput
        case .unreadable, .unknownSchema, .unreadableAudit, .otherBuild, .refuted, .mismatch:
            .integrityViolated
        }
    }
}

extension SignatureError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .missing: .missingInput
        case .notPrivate, .encrypted, .notPublic: .badConfiguration
        }
    }
}

extension PrivateEvolutionError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .invalidSetting, .emptyTexts, .endpointRefused, .promptsRefused,
            .invalidPrompts:
            .badConfiguration
        case .damagedState: .integrityViolated
        case .missingCandidates, .endpointFailed, .endpointUnreachable: .inputOutput
        }
    }
}

extension CompletionServerError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .portUnavailable: .outputUnavailable
        case .pollingFailed: .inputOutput
        }
    }
}

extension PrivatePredictionError: StatusBearing {
    var status: CommandStatus {
        switch self {
        case .invalidSetting, .tooManyTexts, .smallClass, .longPrompt, .unusableModel:
            .badConfiguration
        case .damagedState: .integrityViolated
        }
    }
}
