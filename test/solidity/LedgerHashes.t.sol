// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {BatchHash} from "../../contracts/libraries/BatchHash.sol";
import {Outcomes} from "../../contracts/libraries/Outcomes.sol";
import {SignatureCheck} from "../../contracts/libraries/SignatureCheck.sol";
import {VoucherHash} from "../../contracts/libraries/VoucherHash.sol";
import {Batch, CollectionStatus, Posting} from "../../contracts/types/Batch.sol";
import {Voucher} from "../../contracts/types/Voucher.sol";
import {Harness} from "./Harness.sol";

/// @notice What the ledger hashes and checks in assembly, against the Solidity that it replaces.
contract LedgerHashesTest is Harness {
    using Outcomes for uint256[];

    uint256 internal constant ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141;

    function testFuzz_vouchers(address payer, address operator, uint128 cap, bytes32 domain) external pure {
        bytes32 given = VoucherHash.hashTyped(payer, operator, cap, domain);
        bytes32 structHash = Voucher(payer, operator, cap).hash();
        assertEq(uint256(given), uint256(MessageHashUtils.toTypedDataHash(domain, structHash)), "digest");
        // Nothing that was in memory before was written over.
        bytes32 again = Voucher(payer, operator, cap).hash();
        assertEq(uint256(again), uint256(structHash), "struct hash");
    }

    function testFuzz_batches(
        address operator,
        uint64 number,
        bytes32 outcomesHash,
        uint128 amount,
        Posting calldata posting
    ) external pure {
        bytes32 given = BatchHash.hash(operator, number, posting, outcomesHash, amount);
        Batch memory batch = Batch(operator, number, posting.root, posting.count, outcomesHash, amount);
        assertEq(uint256(given), uint256(batch.hash()), "digest");
        assertEq(uint256(batch.hash()), uint256(keccak256(abi.encode(batch))), "hash");
    }

    function testFuzz_outcomes(address[5] calldata payers, uint128[5] calldata amounts, uint64 seed) external pure {
        uint256 count = seed % 6;
        bytes memory guard = "as it was";
        uint256[] memory outcomes = Outcomes.create(count);
        bytes memory after_ = abi.encode(seed);
        uint256[] memory expected = new uint256[](2 * count);
        for (uint256 i = 0; i < count; ++i) {
            CollectionStatus status = CollectionStatus((seed + i) % 7);
            uint256 authority = uint32(amounts[i]);
            uint256 place = (uint256(uint160(payers[i])) << 96) | (authority << 64) | (seed >> i);
            outcomes.set(i, place, status, amounts[i], amounts[4 - i]);
            expected[2 * i] = (uint256(uint160(payers[i])) << 96) | (uint256(status) << 64) | (seed >> i);
            expected[2 * i + 1] = (uint256(amounts[i]) << 128) | amounts[4 - i];
            require(outcomes.payerOf(i) == payers[i], "payer");
            assertEq(outcomes.sequenceOf(i), seed >> i, "sequence");
            assertEq(outcomes.amountOf(i), amounts[i], "amount");
            assertEq(outcomes.cumulativeFeeOf(i), amounts[4 - i], "cumulativeFee");
            require(outcomes.isCollected(i) == (status == CollectionStatus.Collected), "status");
        }
        assertEq(outcomes.length, 2 * count, "length");
        assertEq(uint256(outcomes.hash()), uint256(keccak256(abi.encodePacked(expected))), "hash");
        require(keccak256(guard) == keccak256("as it was"), "memory before");
        require(keccak256(after_) == keccak256(abi.encode(seed)), "memory after");
    }

    function testFuzz_refunds(uint128[3] calldata amounts, uint256 outcome, uint128 taken) external pure {
        outcome = bound(outcome, 0, 2);
        taken = uint128(bound(taken, 0, amounts[outcome]));
        uint256[] memory outcomes = Outcomes.create(3);
        for (uint256 i = 0; i < 3; ++i) outcomes.set(i, i << 96, CollectionStatus.Collected, amounts[i], amounts[i]);
        outcomes.reduce(outcome, taken);
        for (uint256 i = 0; i < 3; ++i) {
            assertEq(outcomes.amountOf(i), amounts[i] - (i == outcome ? taken : 0), "amount");
            assertEq(outcomes.cumulativeFeeOf(i), amounts[i], "cumulativeFee");
        }
    }

    function testFuzz_signatures(uint256 key, bytes32 digest, bytes32 noise, uint256 kind) external view {
        key = bound(key, 1, ORDER - 1);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(key, digest);
        bytes32 vs = bytes32((uint256(v - 27) << 255) | uint256(s));
        kind = kind % 6;
        // Above half the order: the curve takes it, a signature must not have it.
        if (kind == 1) {
            vs = bytes32((uint256(v - 27) << 255) | (uint256(type(int256).max) - (uint256(noise) >> 130)));
            address other = ecrecover(digest, v, r, vs & bytes32(uint256(type(int256).max)));
            require(!SignatureCheck.isSignedByKey(other, digest, r, vs), "a malleable signature");
        }
        if (kind == 2) vs ^= bytes32(uint256(1) << 255);
        if (kind == 3) vs = noise;
        if (kind == 4) r = noise;
        if (kind == 5) digest = noise;
        (address signer, ECDSA.RecoverError failure, ) = ECDSA.tryRecover(digest, r, vs);
        bool isRecovered = failure == ECDSA.RecoverError.NoError;
        address account = VM.addr(key);
        bool isSigned = SignatureCheck.isSignedByKey(account, digest, r, vs);
        require(isSigned == (isRecovered && signer == account), "not as ECDSA says");
        require(isSigned == (kind == 0), "a signature that is none");
        require(SignatureCheck.isSignedByKey(signer, digest, r, vs) == isRecovered, "not its signer");
        require(!SignatureCheck.isSignedByKey(address(0), digest, r, vs), "signed by nobody");
    }
}
