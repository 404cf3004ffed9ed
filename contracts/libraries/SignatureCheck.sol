// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

import {GasCappedCall} from "./GasCappedCall.sol";

/// @title SignatureCheck
/// @notice Signatures of accounts with a key, with code, or with both.
library SignatureCheck {
    uint256 internal constant ERC1271_GAS = 100_000;

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
}
