/// The secret that an endpoint knows its user by.
///
/// It is sent and never shown.
package struct EndpointKey: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The header's value.
    let authorization: String

    /// Takes a key, as found in an environment variable.
    package init(_ key: String) { authorization = "Bearer " + key }

    /// "(a key)".
    package var description: String { "(a key)" }
    /// "(a key)".
    package var debugDescription: String { "(a key)" }
    /// Nothing, so that `dump` shows nothing.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
