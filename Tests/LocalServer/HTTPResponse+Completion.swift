package import FlyingFox
import Foundation

extension HTTPResponse {
    /// A completed text, as OpenAI's interface answers.
    package static func completion(_ text: String) -> HTTPResponse {
        let reply = Reply(choices: [Reply.Choice(text: text)])
        // A string always encodes.
        let body = (try? JSONEncoder().encode(reply)) ?? Data()
        return HTTPResponse(statusCode: .ok, body: body)
    }

    private struct Reply: Encodable {
        struct Choice: Encodable {
            let index = 0
            let text: String
        }
        let choices: [Choice]
    }
}
