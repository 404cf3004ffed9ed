// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @dev EIP-712 digest of a `Receipt` in its ledger's domain: what its operator signs, and a leaf of a batch.
type ReceiptId is bytes32;

/// @notice "For this fee I served this payer an answer, of which I claim this."
/// @dev Calldata and memory only; field order is the EIP-712 order.
struct Receipt {
    /// EIP-712 struct hash of the `Claim` about the answer.
    bytes32 claimHash;
    /// Account whose tab pays.
    address payer;
    /// Operator that served the answer and is liable.
    address operator;
    /// Place in the channel of payer and operator, from 1 on without gaps.
    uint64 sequence;
    /// Price of this answer, in token units.
    uint128 fee;
    /// Sum of the fees of the channel up to this receipt, in token units.
    uint128 cumulativeFee;
    /// keccak256 of the name under which the upstream says it served.
    bytes32 servedModel;
    /// What was used on the way in and out, in the model's own unit (tokens, pixels, rows).
    uint64 unitsIn;
    uint64 unitsOut;
    /// Unix time in seconds.
    uint64 issuedAt;
}

/// @notice A receipt with the signature of its operator, or of a signer that binds the operator. Calldata only.
struct SignedReceipt {
    Receipt receipt;
    bytes signature;
}

using ReceiptLib for Receipt global;

/// @title ReceiptLib
/// @notice EIP-712 struct hash of a receipt.
library ReceiptLib {
    bytes32 internal constant TYPEHASH = keccak256(
        "Receipt(bytes32 claimHash,address payer,address operator,uint64 sequence,uint128 fee,uint128 cumulativeFee,bytes32 servedModel,uint64 unitsIn,uint64 unitsOut,uint64 issuedAt)"
    );

    /// @dev Every field is static, so `abi.encode` already lays the struct out as EIP-712 `encodeData`.
    function hash(Receipt memory self) internal pure returns (bytes32) {
        return keccak256(abi.encode(TYPEHASH, self));
    }
}
