// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ITensorVerifier} from "../../contracts/interfaces/ITensorVerifier.sol";
import {Claim} from "../../contracts/types/Claim.sol";
import {ElementProof} from "../../contracts/types/Tensor.sol";
import {TensorWorld} from "./TensorWorld.sol";

/// @notice The two halves of the promise: every wrong element loses, no honest trace does.
contract TensorVerifierTest is TensorWorld {
    struct Place {
        uint256 tensor;
        uint256 row;
        uint256 column;
    }

    function testFuzz_anyWrongElementIsRefuted(bytes32 seed, Place memory place, uint8 change) external {
        Model memory model = _randomModel(seed);
        bytes[][] memory tensors = _run(model, seed);
        place = _placeIn(tensors, place);
        bytes1 honest = tensors[place.tensor][place.row][place.column];
        bytes1 wrong = bytes1(uint8(honest) ^ uint8(bound(change, 1, 255)));
        tensors[place.tensor][place.row][place.column] = wrong;

        (Claim memory claim, bytes32 claimId) = _claim(model, tensors, seed, type(uint64).max);
        ElementProof memory proof = _proof(model, tensors, place.tensor, place.row, place.column);
        VERIFIER.prove(SOURCE, abi.encode(claim), proof);
        require(SOURCE.isRefuted(claimId), "a wrong element stood");
        require(SOURCE.refuterOf(claimId) == address(this), "refuter");
    }

    function testFuzz_noElementOfAnHonestTraceIsRefuted(bytes32 seed, Place memory place) external {
        Model memory model = _randomModel(seed);
        bytes[][] memory tensors = _run(model, seed);
        place = _placeIn(tensors, place);
        (Claim memory claim, bytes32 claimId) = _claim(model, tensors, seed, type(uint64).max);
        ElementProof memory proof = _proof(model, tensors, place.tensor, place.row, place.column);

        uint8 value = uint8(tensors[place.tensor][place.row][place.column]);
        (uint32 tensor, uint32 row, uint32 column) = (uint32(place.tensor), uint32(place.row), uint32(place.column));
        VM.expectRevert(abi.encodeWithSelector(ITensorVerifier.ElementConsistent.selector, tensor, row, column, value));
        VERIFIER.prove(SOURCE, abi.encode(claim), proof);
        require(!SOURCE.isRefuted(claimId), "an honest trace fell");
    }

    /// @dev A wrong element opened as the honest one, or the other way round, opens nothing.
    function testFuzz_anElementOpensAsCommittedOnly(bytes32 seed, Place memory place, uint8 change) external {
        Model memory model = _randomModel(seed);
        bytes[][] memory tensors = _run(model, seed);
        place = _placeIn(tensors, place);
        (Claim memory claim, bytes32 claimId) = _claim(model, tensors, seed, type(uint64).max);
        bytes1 honest = tensors[place.tensor][place.row][place.column];
        tensors[place.tensor][place.row][place.column] = bytes1(uint8(honest) ^ uint8(bound(change, 1, 255)));
        ElementProof memory proof = _proof(model, tensors, place.tensor, place.row, place.column);

        (bool success, bytes memory reason) = address(VERIFIER).call(
            abi.encodeCall(VERIFIER.prove, (SOURCE, abi.encode(claim), proof))
        );
        require(!success && bytes4(reason) == ITensorVerifier.RootMismatch.selector, "opened");
        require(!SOURCE.isRefuted(claimId), "an honest trace fell");
    }

    /// @dev Whatever bytes are changed in a proof against an honest claim, it stands.
    function testFuzz_noGarbledProofRefutes(
        bytes32 seed,
        Place memory place,
        uint256 offset,
        bytes32 garbage
    ) external {
        Model memory model = _randomModel(seed);
        bytes[][] memory tensors = _run(model, seed);
        place = _placeIn(tensors, place);
        (Claim memory claim, bytes32 claimId) = _claim(model, tensors, seed, type(uint64).max);
        ElementProof memory proof = _proof(model, tensors, place.tensor, place.row, place.column);
        bytes memory data = abi.encodeCall(VERIFIER.prove, (SOURCE, abi.encode(claim), proof));
        offset = bound(offset, 4 + 96 + 32 * 7, data.length - 1);
        for (uint256 i = 0; i < 32 && offset + i < data.length; ++i) data[offset + i] = garbage[i];

        (bool success, ) = address(VERIFIER).call{gas: 10_000_000}(data);
        require(!success && !SOURCE.isRefuted(claimId), "an honest trace fell");
    }

    function _randomModel(bytes32 seed) internal returns (Model memory) {
        uint256 shape = uint256(_mix(seed, 42));
        return _publish(1 + (shape % 5), 1 + ((shape >> 8) % 20), 1 + ((shape >> 16) % 6), seed);
    }

    function _placeIn(bytes[][] memory tensors, Place memory place) internal pure returns (Place memory) {
        uint256 tensor = bound(place.tensor, 1, 2);
        uint256 row = bound(place.row, 0, tensors[tensor].length - 1);
        return Place(tensor, row, bound(place.column, 0, tensors[tensor][row].length - 1));
    }
}
