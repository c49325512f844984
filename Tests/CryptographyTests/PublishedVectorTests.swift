import Cryptography
import Testing

/// Every primitive against values that its standard prints.
@Suite struct PublishedVectorTests {
    @Test func digestsAreThoseOfFIPS180() {
        #expect(
            SHA256.hash(Array("abc".utf8))
                == bytes("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        )
        #expect(
            SHA256.hash([])
                == bytes("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        )
        var hash = SHA256()
        let million = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000)
        for _ in 0..<1_000 { hash.update(million) }
        #expect(
            hash.finalize()
                == bytes("cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
        )
    }

    /// RFC 4231, 4.2 and 4.7: a short key, and one longer than a block.
    @Test func keyedHashesAreThoseOfRFC4231() {
        #expect(
            KeyedHash.code(
                of: Array("Hi There".utf8),
                key: SecretKey([UInt8](repeating: 0x0b, count: 20))
            ) == bytes("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7")
        )
        var long = KeyedHash(key: SecretKey([UInt8](repeating: 0xaa, count: 131)))
        long.update(Array("Test Using Larger Than Block-Size ".utf8))
        long.update(Array("Key - Hash Key First".utf8))
        #expect(
            long.finalize()
                == bytes("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
        )
    }

    /// RFC 5869, A.1 and A.3.
    @Test func derivedKeysAreThoseOfRFC5869() {
        let key = SecretKey([UInt8](repeating: 0x0b, count: 22))
        let okm =
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"
        #expect(
            key.derived(salt: Array(0...12), info: Array(0xf0...0xf9), count: 42).bytes
                == bytes(okm)
        )
        let bare =
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
        #expect(key.derived(salt: [], count: 42).bytes == bytes(bare))
    }

    /// NIST SP 800-38A, F.5.5.
    @Test func counterModeIsThatOfNIST() {
        let cipher = BlockCipher(
            key: SecretKey(
                bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4")
            )
        )
        #expect(
            cipher.masked(
                bytes("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"),
                counter: Array(0xf0...0xff)
            ) == bytes("601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5")
        )
    }

    /// The counter goes on over all 128 bits: past the end of its low half.
    @Test func theCounterCarriesIntoItsHighHalf() {
        let cipher = BlockCipher(key: SecretKey(Array(0..<32)))
        let low = [UInt8](repeating: 0xff, count: 8)
        let both = cipher.masked(
            [UInt8](repeating: 0, count: 32),
            counter: [0, 0, 0, 0, 0, 0, 0, 1] + low
        )
        let next = cipher.masked(
            [UInt8](repeating: 0, count: 16),
            counter: [0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0]
        )
        #expect(Array(both.suffix(16)) == next)
    }

    /// McGrew and Viega's GCM specification, test case 16: text, and bytes beside it that are not encrypted.
    @Test func galoisCounterModeIsThatOfItsSpecification() throws {
        let cipher = BlockCipher(
            key: SecretKey(
                bytes("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
            )
        )
        // Test case 14 of the same: 16 bytes of zeros under the zero key.
        let zeros = BlockCipher(key: SecretKey([UInt8](repeating: 0, count: 32)))
        let nonce = [UInt8](repeating: 0, count: 12)
        #expect(
            zeros.seal([UInt8](repeating: 0, count: 16), nonce: nonce)
                == nonce + bytes("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919")
        )
        // Test case 15's text.
        let text = bytes(
            "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                + "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255"
        )
        let box = cipher.seal(text, nonce: bytes("cafebabefacedbaddecaf888"))
        #expect(
            Array(box.dropFirst(12))
                == bytes(
                    "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                        + "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad"
                        + "b094dac5d93471bdec1a502270e3cc6c"
                )
        )
        #expect(cipher.open(box) == text)
    }

    /// RFC 8032, 7.1: tests 1 and 2.
    @Test func signaturesAreThoseOfRFC8032() throws {
        let first = try #require(
            Ed25519.PrivateKey(
                bytes("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
            )
        )
        #expect(
            first.publicKey.bytes
                == bytes("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
        )
        #expect(
            first.signature(of: [])
                == bytes(
                    "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555f"
                        + "b8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
                )
        )
        let second = try #require(
            Ed25519.PrivateKey(
                bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb")
            )
        )
        let signature = second.signature(of: [0x72])
        #expect(
            signature
                == bytes(
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                        + "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
                )
        )
        #expect(second.publicKey.accepts(signature: signature, of: [0x72]))
        #expect(!second.publicKey.accepts(signature: signature, of: [0x73]))
        #expect(!first.publicKey.accepts(signature: signature, of: [0x72]))
    }
}

/// What must be refused, and what must not depend on how bytes arrive.
@Suite struct CryptographyTests {
    @Test func aChangedBoxIsNotOpened() throws {
        let cipher = BlockCipher(key: SecretKey.fromSystem())
        let text = Array("a sketch".utf8)
        let box = cipher.seal(text, nonce: Array(1...12))
        #expect(cipher.open(box) == text)
        for place in box.indices {
            var changed = box
            changed[place] ^= 1
            #expect(cipher.open(changed) == nil, "byte \(place)")
        }
        #expect(cipher.open(Array(box.dropLast())) == nil)
        #expect(cipher.open([]) == nil)
        #expect(BlockCipher(key: SecretKey.fromSystem()).open(box) == nil)
    }

    @Test func aTagCoversEveryByteAndTheNonce() {
        let cipher = BlockCipher(key: SecretKey(Array(0..<32)))
        let message = (0..<100).map { UInt8($0) }
        let tag = unsafe cipher.tag(of: message.span.bytes, nonce: Array(0..<12))
        #expect(tag.count == 16)
        #expect(unsafe cipher.tag(of: message.span.bytes, nonce: Array(1..<13)) != tag)
        for place in message.indices {
            var changed = message
            changed[place] ^= 0x80
            #expect(unsafe cipher.tag(of: changed.span.bytes, nonce: Array(0..<12)) != tag)
        }
    }

    @Test func piecesGiveWhatTheWholeGives() {
        let message = (0..<300).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var hash = SHA256()
        var code = KeyedHash(key: SecretKey([1, 2, 3]))
        for start in stride(from: 0, to: 300, by: 60) {
            hash.update(Array(message[start..<start + 60]))
            code.update(Array(message[start..<start + 60]))
        }
        #expect(hash.finalize() == SHA256.hash(message))
        #expect(code.finalize() == KeyedHash.code(of: message, key: SecretKey([1, 2, 3])))
    }

    @Test func keysFromTheSystemDiffer() {
        #expect(SecretKey.fromSystem().count == 32)
        #expect(SecretKey.fromSystem().bytes != SecretKey.fromSystem().bytes)
    }

    @Test func keysOfAnotherLengthAreRefused() {
        #expect(Ed25519.PrivateKey([1, 2, 3]) == nil)
        #expect(Ed25519.PublicKey([UInt8](repeating: 1, count: 33)) == nil)
    }
}

private func bytes(_ hexadecimal: String) -> [UInt8] { [UInt8](hexadecimal: hexadecimal) ?? [] }
