/// A sentence for the user that may name settings, without knowing how they are set.
///
///     let message: Message = "\(.epsilon) is \(value); it must be above 0."
///     message.description            // "epsilon is -1.0; it must be above 0."
///     message.spelled { "--" + … }   // "--epsilon is -1.0; it must be above 0."
public struct Message: Equatable, Sendable {
    private enum Part: Equatable {
        case text(String)
        case setting(Setting)
    }

    private var parts: [Part]

    /// A sentence that names no setting.
    public init(_ text: String) { parts = [.text(text)] }

    /// A sentence that is the name of a setting alone.
    public init(_ setting: Setting) { parts = [.setting(setting)] }

    /// The sentence with every setting as `name` calls it.
    public func spelled(by name: (Setting) -> String) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .setting(let setting): name(setting)
            }
        }.joined()
    }

    /// Two sentences in a row; no space is put between them.
    public static func + (left: Message, right: Message) -> Message {
        var joined = left
        joined.parts += right.parts
        return joined
    }
}

extension Message: CustomStringConvertible {
    /// The sentence with plain names of settings.
    public var description: String { spelled(by: \.rawValue) }
}

extension Message: ExpressibleByStringInterpolation {
    /// Collects what stands between quotes: text, settings, other messages and values.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var message = Message("")

        /// Begins with nothing.
        public init(literalCapacity _: Int, interpolationCount _: Int) {}

        /// Adds what stands there literally.
        public mutating func appendLiteral(_ text: String) { message.parts.append(.text(text)) }

        /// Adds the name of a setting.
        public mutating func appendInterpolation(_ setting: Setting) {
            message.parts.append(.setting(setting))
        }

        /// Adds another message, with the settings that it names.
        public mutating func appendInterpolation(_ other: Message) {
            message.parts += other.parts
        }

        /// Adds a value as a string has it.
        public mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            message.parts.append(.text("\(value)"))
        }
    }

    /// A sentence that names no setting.
    public init(stringLiteral text: String) { self.init(text) }

    /// A sentence put together from text, settings and values.
    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.message }
}

/// An error that says in a message what is wrong, where, and what to do.
public protocol Explained: Error, CustomStringConvertible {
    /// What is wrong (with the value), where, and what to do.
    var explanation: Message { get }
}

extension Explained {
    /// The explanation with plain names of settings.
    public var description: String { explanation.description }
}
