// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {GasCappedCall} from "./GasCappedCall.sol";

/// @title SignatureCheck
/// @notice Signatures of accounts with a key, with code, or with both.
library SignatureCheck {
    uint256 internal constant ERC1271_GAS = 100_000;

    uint256 private constant HALF_ORDER = 0x7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF5D576E7357A4501DDFE92F46681B20A0;

    /// @notice True if `account` signed `digest`.
    /// @dev The key comes first, since an account that delegates (EIP-7702) has code and still signs with its key.
    function isSignedBy(address account, bytes32 digest, bytes calldata signature) internal view returns (bool) {
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecoverCalldata(digest, signature);
        if (failure == ECDSA.RecoverError.NoError && signer == account) return true;
        if (account.code.length == 0) return false;

        (bool success, bytes32 answer) = GasCappedCall.tryRead(
            account,
            ERC1271_GAS,
            abi.encodeCall(IERC1271.isValidSignature, (digest, signature))
        );
        return success && answer == bytes32(IERC1271.isValidSignature.selector);
    }

    /// @notice True if `(r, vs)` is the ERC-2098 signature of `digest` by `key`.
    function isSignedByKey(address key, bytes32 digest, bytes32 r, bytes32 vs) internal view returns (bool isSigned) {
        // (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, r, vs);
        // isSigned = failure == ECDSA.RecoverError.NoError && signer == key;
        assembly ("memory-safe") {
            let free := mload(0x40)
            let s := shr(1, shl(1, vs))
            mstore(free, digest)
            mstore(add(free, 0x20), add(shr(255, vs), 27))
            mstore(add(free, 0x40), r)
            mstore(add(free, 0x60), s)
            // Only a precompile that recovered returns a word.
            isSigned := staticcall(gas(), 1, free, 0x80, 0, 0x20)
            isSigned := and(eq(returndatasize(), 0x20), and(eq(mload(0), key), iszero(gt(s, HALF_ORDER))))
        }
    }
}
